/** Address of a stored file's bytes; the shell answers it from the object folder. */
export function objectUrl(sha256: string): string {
  return `/object/${sha256}`;
}
