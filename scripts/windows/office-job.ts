import { copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { sealPin } from '../../core/contract/seal-pin.ts';
import type { ArrivalFields, IntakeItem } from '../../core/contract/intake.ts';
import { type Engine, openEngine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { defaultDataFolder } from '../../core/shared/data-folder.ts';
import { poll } from '../demo/waiting.ts';

/**
 * The clerk's part of the main job, run as win32 by `main-job.mjs`: `office-job.ts JOB.json RESULT.json`. The office is
 * set up already; the province, the time-stamp authority and the virus scanner run on the Linux side.
 */
const jobSchema = z.strictObject({
  /** Null: where the program keeps data by itself. */
  dataDir: z.string().nullable(),
  scanFolder: z.string(),
  keyUri: z.string(),
  pin: z.string(),
  /** A letter that goes all the way, and a file that must be held back (none where no scanner runs). */
  letter: z.string(),
  infected: z.string().nullable(),
});

const [jobPath = '', resultPath = ''] = process.argv.slice(2);
const job = jobSchema.parse(JSON.parse(await readFile(jobPath, 'utf8')));
const dataDir = job.dataDir ?? defaultDataFolder();
const engine = await openEngine({ dataDir, spawner: createNodeSpawner() });
try {
  const result = await work();
  await writeFile(resultPath, JSON.stringify(result, null, 2));
} finally {
  await engine.close();
}
process.exit(0);

async function work(): Promise<object> {
  const tokens = await engine.call('token.list', {});
  const pinKey = await engine.call('token.pin-key', { keyUri: job.keyUri });
  await engine.call('token.unlock', { keyUri: job.keyUri, sealedPin: await sealPin(pinKey, job.pin) });
  const infected = job.infected === null ? null : await drop(engine, job.infected);
  const item = await drop(engine, job.letter);
  if (item.state !== 'proposed') throw new Error(`${item.state}: ${JSON.stringify(item.error)}`);
  const accepted = await engine.call('intake.accept', {
    id: item.id,
    fields: fieldsOf(item),
    duplicateAccepted: true,
  });
  const document = await poll('signed and delivered', async () => {
    const detail = await engine.call('document.get', { id: accepted.documentId });
    const failed = detail.jobs.find((one) => one.state === 'parked' || one.state === 'waiting');
    if (failed?.error) throw new Error(`${failed.error.message} [${failed.error.code}]`);
    return detail.outbox.some((entry) => entry.state === 'acked') ? detail : undefined;
  });
  const object = async (role: string): Promise<{ sha256: string; path: string }> => {
    const found = document.objects.find((one) => one.role === role);
    if (!found) throw new Error(`no object ${role}`);
    return { sha256: found.sha256, ...(await engine.call('document.object-path', { sha256: found.sha256 })) };
  };
  const check = (await engine.call('document.verify', { id: document.id })).report;
  return {
    platform: process.platform,
    architecture: process.arch,
    dataDir,
    tokens,
    infected: infected && { state: infected.state, code: infected.error?.code },
    virusCheck: item.virusCheck?.verdict,
    subject: item.proposal?.subject?.value,
    number: accepted.number,
    working: await object('working-pdf'),
    sealed: await object('sealed'),
    operationId: document.outbox.find(({ kind }) => kind === 'arrival-record')?.id,
    verdict: check.verdict,
    timeSource: check.signatures.at(-1)?.timeSource,
    chain: await engine.call('audit.verify', {}),
    archive: await engine.call('archive.check', {}),
  };
}

/** Puts a file into the scan folder as a scanner does, and waits until the engine is through with it. */
async function drop(office: Engine, path: string): Promise<IntakeItem> {
  const before = new Set((await office.call('intake.list', {})).items.map(({ id }) => id));
  const part = join(job.scanFolder, `.${basename(path)}.part`);
  await copyFile(path, part);
  await rename(part, join(job.scanFolder, basename(path)));
  return await poll(basename(path), async () =>
    (await office.call('intake.list', {})).items.find(
      ({ id, state }) => !before.has(id) && ['proposed', 'quarantined', 'failed', 'held'].includes(state),
    ),
  );
}

/** What was read is taken as it is; what could not be read is filled in visibly. */
function fieldsOf({ proposal, originalName }: IntakeItem): ArrivalFields {
  return {
    issuer: proposal?.issuer?.value ?? '(chưa đọc được nơi gửi)',
    docNumber: proposal?.docNumber?.value ?? '',
    docNotation: proposal?.docNotation?.value ?? '',
    docDate: proposal?.docDate?.value ?? null,
    typeName: proposal?.typeName?.value ?? 'Khác',
    subject: proposal?.subject?.value ?? `(chưa đọc được) ${originalName}`,
    receiver: '',
    note: '',
    urgency: proposal?.urgency?.value ?? 'thuong',
    dueDate: null,
    signerName: proposal?.signerName?.value ?? '',
  };
}
