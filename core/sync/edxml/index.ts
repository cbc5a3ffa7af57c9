export { buildEdxml } from './build.ts';
export { parseEdxml, parseEdxmlFile, parseStatus } from './parse.ts';
export { checkAgainstSchema } from './schema-check.ts';
export * from './types.ts';
