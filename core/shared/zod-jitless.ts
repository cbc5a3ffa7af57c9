/*
 * For programs that live as long as one command: zod compiles a function for each schema, which takes longer than the
 * few values such a program ever parses. `z.config({ jitless: true })`, set where zod looks for it when it is loaded; to
 * be imported before zod. Were the name another one day, a command would only start a little slower.
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
