import { z } from 'zod';
import {
  type DiagnosedModule,
  diagnosedSlotSchema,
  moduleInfoSchema,
} from '../../core/contract/token-diagnosis.ts';
import type { ProgramSpawner } from '../../core/ports/program-spawner.ts';
import { AnThuError, asAnThuError, toErrorValue } from '../../core/shared/errors.ts';
import { ProgramClient } from '../../core/shared/program-client.ts';
import {
  describeHeader,
  describeThisProcess,
  fitsThisProcess,
  type LibraryHeader,
  readLibraryHeader,
} from '../pkcs11/library-header.ts';
import { unlockedResult } from '../token-host/protocol.ts';
import type { Candidate } from './candidates.ts';

const PROGRAM_START_MS = 30_000;

/** What was found out about a module, before anybody says what to do about it. */
export type ModuleFindings = Omit<DiagnosedModule, 'advice'>;

export interface DiagnosisOptions {
  readonly spawner: ProgramSpawner;
  /** Milliseconds for one answer of a module. */
  readonly deadlineMs: number;
}

/**
 * Looks at one module: its file, then, in a token host started for this alone and killed at the end, what it says about itself,
 * its slots, tokens, mechanisms and certificates. No PIN is ever sent. Whatever is wrong is in the findings; nothing is thrown.
 */
export async function diagnoseModule(
  candidate: Candidate,
  options: DiagnosisOptions,
): Promise<ModuleFindings> {
  const started = performance.now();
  const { path, vendor, sources, env } = candidate;
  const base: ModuleFindings = {
    path,
    vendor,
    sources: [...sources],
    configured: sources.includes('configured'),
    exists: false,
    header: null,
    fits: null,
    loads: null,
    info: null,
    slots: [],
    error: null,
    ms: 0,
  };
  const header = await headerOf(path);
  if (header instanceof AnThuError)
    return { ...base, exists: header.code !== 'token.module-missing', error: toErrorValue(header) };
  const known = {
    ...base,
    exists: true,
    header: { format: header.format, architectures: [...header.architectures] },
    fits: fitsThisProcess(header),
  };
  if (!known.fits) {
    const detail = { path, found: describeHeader(header), expected: describeThisProcess() };
    return { ...known, error: toErrorValue(new AnThuError('token.module-wrong-architecture', detail)) };
  }
  const answers = await askModule(path, env, options);
  return { ...known, ...answers, ms: Math.round(performance.now() - started) };
}

async function headerOf(path: string): Promise<LibraryHeader | AnThuError> {
  try {
    return await readLibraryHeader(path);
  } catch (thrown) {
    return asAnThuError(thrown);
  }
}

type Answers = Pick<ModuleFindings, 'loads' | 'info' | 'slots' | 'error'>;

async function askModule(
  path: string,
  env: Candidate['env'],
  { spawner, deadlineMs }: DiagnosisOptions,
): Promise<Answers> {
  const client = new ProgramClient(spawner, 'token-host', { args: ['--module', path], ...(env && { env }) });
  const ask = <T>(method: string, result: z.ZodType<T>): Promise<T> =>
    client.call(method, {}, result, { deadlineMs });
  let answers: Answers = { loads: false, info: null, slots: [], error: null };
  try {
    // The program's own start is no fault of the module.
    await client.call('unlocked', {}, unlockedResult, { deadlineMs: PROGRAM_START_MS });
    answers = { ...answers, info: await ask('diagnoseModule', moduleInfoSchema), loads: true };
    return { ...answers, slots: await ask('diagnoseSlots', z.array(diagnosedSlotSchema)) };
  } catch (thrown) {
    const operation = answers.loads ? 'C_GetSlotList' : 'C_Initialize';
    return { ...answers, error: toErrorValue(asTokenError(thrown, operation, deadlineMs)) };
  } finally {
    client.stop('diagnosed');
  }
}

function asTokenError(thrown: unknown, operation: string, deadlineMs: number): AnThuError {
  const error = asAnThuError(thrown);
  if (error.code === 'general.program-timeout')
    return new AnThuError('token.driver-timeout', { seconds: Math.round(deadlineMs / 1000), operation });
  if (error.code === 'general.program-died')
    return new AnThuError('token.driver-crashed', { reason: error.detail['reason'] ?? '', operation });
  return error;
}
