/** Options of `an-thu bench`. */
export const benchOptions = {
  json: { type: 'boolean' },
  write: { type: 'boolean' },
  strict: { type: 'boolean' },
  tiny: { type: 'boolean' },
} as const;
