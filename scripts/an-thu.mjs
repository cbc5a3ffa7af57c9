// The command line in a checkout: builds what is stale, then runs it in this process. Relative paths mean the
// caller's folder (npm changes into the project's).
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildPrograms } from './build.mjs';

await buildPrograms();
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
const entry = join(process.env.AN_THU_ROOT ?? '.', 'build/an-thu.mjs');
process.argv[1] = entry;
await import(pathToFileURL(entry).href);
