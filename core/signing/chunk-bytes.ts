/** How much of a large file is read, hashed and written at once: enough to keep system calls few, and it fits the processor's cache. */
export const CHUNK_BYTES = 512 * 1024;
