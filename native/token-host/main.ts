import '../../core/shared/zod-jitless.ts';
import { runTokenHost } from './run.ts';

await runTokenHost(process.argv.slice(2));
