import { constants } from 'node:fs';

/**
 * How a file is opened that must be a regular one: a pipe under its name then fails the look at its kind, where an
 * ordinary opening would wait for a writer for ever. Windows knows neither the flag nor such pipes.
 */
export const READ_AT_ONCE: number = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
