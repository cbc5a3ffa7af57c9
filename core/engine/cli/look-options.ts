/** The options of `sign` that say how a signature looks (design/cli.md, "sign, extend"). */
export const lookOptions = {
  as: { type: 'string', default: 'none' },
  purpose: { type: 'string' },
  image: { type: 'string' },
  page: { type: 'string' },
  rect: { type: 'string' },
  'agency-name': { type: 'string' },
  'signer-name': { type: 'string' },
  'copy-form': { type: 'string' },
  number: { type: 'string' },
  diameter: { type: 'string' },
} as const;
