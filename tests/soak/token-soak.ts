import { fork } from 'node:child_process';
import { createHash, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TokenService } from '../../core/ports/token-service.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import { signBatch } from '../../core/signing/batch/sign-batch.ts';
import { createNodeSpawner, type ReadyProgram } from '../../core/engine/hosts/node-spawner.ts';
import type { ProgramSpawner } from '../../core/ports/program-spawner.ts';
import { createTokenService } from '../../native/token-host/client.ts';
import { createSoftHsm } from '../../scripts/lib/softhsm.ts';
import { createFaultToken, type FaultToken } from '../fault-module/fault-token.ts';
import { unlock, until } from '../token/harness.ts';
import { createMaterial } from '../token/material.ts';

/** The token locks after so many wrong PINs in a row; the soak keeps clear of it, as a clerk would. */
const TRIES = 6;
const WRONG_PIN = '999999';

export interface SoakOptions {
  readonly seed: number;
  readonly events: number;
  /** Milliseconds for a call, the start of its host included: on a busy machine only a hang may pass it (default 5000). */
  readonly deadlineMs?: number;
  /** Milliseconds after which no further event is begun. */
  readonly atMostMs?: number;
  readonly progress?: (line: string) => void;
  /** `built`: the programs of build/, which must be fresh; from source otherwise. */
  readonly hosts?: 'built' | 'source';
}

export interface SoakReport {
  readonly events: Readonly<Record<string, number>>;
  /** How often each error code was met; all of them are expected kinds. */
  readonly errors: Readonly<Record<string, number>>;
  /** Documents that were to be signed, and that were, each with one valid signature. */
  readonly documents: number;
  readonly signed: number;
  readonly hostsStarted: number;
  /** Open handles of this process when it began, at most while it ran, and when all was closed. */
  readonly handles: { readonly before: number; readonly most: number; readonly after: number };
  readonly seconds: number;
  /** What must be none: each is a sentence. */
  readonly faults: readonly string[];
}

/** Random numbers that the seed repeats (xorshift, 32 bits). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const handles = (): number => readdirSync('/proc/self/fd').length;

/** The token host as it is shipped: it starts faster than from source, and a soak starts thousands. */
const builtHost: ReadyProgram = (_name, { args = [], env }) => {
  const child = fork(join(builtPrograms, 'token-host.mjs'), [...args], {
    env: { ...process.env, NODE_COMPILE_CACHE: join(builtPrograms, '.compile-cache'), ...env },
    serialization: 'advanced',
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  return child;
};
const builtPrograms = join(import.meta.dirname, '..', '..', 'build');

/** The Node spawner, with the hosts that run. Told by their exit, for in an hour their numbers go to other processes. */
function countingSpawner(
  hosts: SoakOptions['hosts'],
): ProgramSpawner & { readonly running: Set<number>; readonly started: () => number } {
  const inner = createNodeSpawner(hosts === 'built' ? builtHost : undefined);
  const running = new Set<number>();
  let started = 0;
  return {
    running,
    started: () => started,
    spawn(name, options) {
      const handle = inner.spawn(name, options);
      const { pid } = handle;
      started++;
      if (pid !== undefined) {
        running.add(pid);
        handle.onExit(() => running.delete(pid));
      }
      return handle;
    },
  };
}

const interrupted = [
  'C_GetSlotList',
  'C_GetTokenInfo',
  'C_OpenSession',
  'C_FindObjectsInit',
  'C_Login',
  'C_SignInit',
  'C_Sign',
];
const crashes = ['segv', 'abort', 'exit'];

/** Two tokens: one that everything happens to, and one beside it that must never notice. */
class TokenSoak {
  readonly folder = mkdtempSync(join(tmpdir(), 'an-thu-soak-'));
  readonly token: FaultToken;
  readonly neighbour: FaultToken;
  readonly certificate: X509Certificate;
  readonly neighbourCertificate: X509Certificate;
  readonly service: TokenService;
  readonly spawner: ReturnType<typeof countingSpawner>;
  readonly faults: string[] = [];
  readonly eventCounts: Record<string, number> = {};
  readonly errorCounts: Record<string, number> = {};
  readonly random: (below: number) => number;
  readonly tell: (line: string) => void;
  /** Signature of each document; one document is one digest. */
  readonly signatures = new Map<number, Uint8Array>();
  documents = 0;
  #orders = 0;
  #shift = 0;

  constructor({ seed, deadlineMs = 5000, hosts, progress = () => undefined }: SoakOptions) {
    this.tell = progress;
    this.spawner = countingSpawner(hosts);
    this.random = randomFrom(seed);
    const material = createMaterial(this.folder);
    const tokenOf = (name: string): { token: FaultToken; certificate: X509Certificate } => {
      const identity = material.identity(name, 'rsa:2048');
      const folder = join(this.folder, `hsm-${name}`);
      const keys = [{ id: '01', label: name, ...identity }];
      const hsm = createSoftHsm({ folder, keys, tokenLabel: name });
      const certificate = new X509Certificate(identity.certificate);
      return { token: createFaultToken(this.folder, hsm, name), certificate };
    };
    ({ token: this.token, certificate: this.certificate } = tokenOf('van-thu'));
    ({ token: this.neighbour, certificate: this.neighbourCertificate } = tokenOf('chu-tich'));
    this.order();
    this.service = createTokenService({
      spawner: this.spawner,
      modules: [this.token, this.neighbour].map(({ modulePath }) => ({ path: modulePath })),
      softTokens: [],
      times: { callDeadlineMs: deadlineMs, loginDeadlineMs: deadlineMs, lockPatienceMs: 500 },
    });
  }

  /** What the token does wrong from now on, once. */
  order(...orders: readonly string[]): void {
    const once = orders.map((line) => `${line} once=${++this.#orders}`);
    this.token.order(`pin-tries ${TRIES}`, `slot-shift ${this.#shift}`, ...once);
  }

  fault(sentence: string): void {
    this.faults.push(sentence);
    this.tell(`FAULT: ${sentence}`);
  }

  /** Runs what may fail in one of the known ways; true when it went well. */
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (thrown) {
      const code = thrown instanceof AnThuError ? thrown.code : `not an error of ours: ${String(thrown)}`;
      this.errorCounts[code] = (this.errorCounts[code] ?? 0) + 1;
      if (!/^(token|signing)\./.test(code)) this.fault(`${code}: ${String(thrown)}`);
      return false;
    }
  }

  /** One PIN; never sent twice, whatever becomes of it. */
  async login(pin: string): Promise<boolean> {
    const before = this.token.loginsSent();
    const ok = await this.attempt(() =>
      unlock(this.service, this.token.uri('01'), pin, { lastTry: 'confirmed' }),
    );
    if (this.token.loginsSent() > before + 1) this.fault('one PIN was sent more than once');
    return ok;
  }

  async expectOpen(): Promise<void> {
    this.token.plug();
    const open = await this.service
      .key(this.token.uri('01'))
      .then(
        (key) => key.sign(requestFor(0)).then(() => true),
        () => false,
      )
      .catch(() => false);
    if (!open) await this.login(this.token.pin);
  }

  /** Signs documents that are still to be signed, some at a time, while something happens. */
  async batch(size: number, meanwhile: () => Promise<void> | void): Promise<void> {
    const open = [...Array(this.documents).keys()].filter((id) => !this.signatures.has(id)).slice(0, size);
    while (open.length < size) open.push(this.documents++);
    const run = this.attempt(async () => {
      const report = await signBatch({
        files: open,
        key: await this.service.key(this.token.uri('01')),
        signOne: async (id, key) => {
          const signature = await (await key).sign(requestFor(id));
          if (this.signatures.has(id)) this.fault(`document ${id} was signed twice`);
          this.signatures.set(id, signature);
          return id;
        },
        findFinished: async (id) => (this.signatures.has(id) ? id : undefined),
      });
      if (report.results.length !== open.length) this.fault('a batch lost an item');
      for (const { state, error } of report.results) {
        if ((state === 'signed') === (error !== undefined))
          this.fault('an item has neither signature nor error');
        if (error) this.errorCounts[error.code] = (this.errorCounts[error.code] ?? 0) + 1;
        if (error && !/^(token|signing)\./.test(error.code)) this.fault(`${error.code}: ${error.message}`);
      }
    });
    await sleep(this.random(12));
    await meanwhile();
    await run;
  }

  async neighbourSigns(): Promise<void> {
    try {
      const key = await this.service.key(this.neighbour.uri('01'));
      const signature = await key.sign(requestFor(7));
      if (!fits(this.neighbourCertificate, 7, signature)) this.fault('the other token signed wrongly');
    } catch (thrown) {
      this.fault(`the other token noticed: ${thrown instanceof AnThuError ? thrown.code : String(thrown)}`);
    }
  }

  /** Our count of wrong PINs and the token's own must be the same. */
  async compareCounts(): Promise<void> {
    this.token.plug();
    this.order();
    const modules = await this.service.list();
    const ours = modules.flatMap(({ tokens }) => tokens).find(({ label }) => label === 'van-thu');
    const theirs = this.token.failedOnToken();
    if (!ours) this.fault(`the token is there and is not listed: ${JSON.stringify(modules[0])}`);
    else if (ours.failedTries !== theirs)
      this.fault(`we count ${ours.failedTries} wrong PINs, the token ${theirs}`);
  }

  /** One random event; its name. */
  async event(): Promise<string> {
    const dice = this.random(100);
    const where = interrupted[this.random(interrupted.length)] ?? 'C_Sign';
    // As a clerk: what is to be signed finds the token plugged in and open, most of the time.
    if (this.random(3) > 0) await this.expectOpen();
    if (dice < 34) return await this.#named('sign', () => this.batch(1 + this.random(3), () => undefined));
    if (dice < 54) return await this.#named('unplug', () => this.batch(2, () => this.token.pull()));
    if (dice < 74)
      return await this.#named('plug', async () => {
        this.token.plug();
        await this.batch(1, () => undefined);
      });
    if (dice < 80)
      return await this.#named('wrong-pin', async () => {
        if (this.token.failedOnToken() < TRIES - 2) await this.login(WRONG_PIN);
        else await this.login(this.token.pin);
      });
    if (dice < 87)
      return await this.#named('crash', async () => {
        this.order(`${where} ${crashes[this.random(crashes.length)]}`);
        await this.#useAnything();
      });
    if (dice < 88)
      return await this.#named('hang', async () => {
        this.order(`${where} ${this.random(2) ? 'hang' : 'spin'}`);
        await this.#useAnything();
      });
    if (dice < 91)
      return await this.#named('signs-wrongly', async () => {
        this.order('C_Sign corrupt');
        await this.batch(2, () => undefined);
      });
    if (dice < 94)
      return await this.#named('vanishes', async () => {
        this.order('C_Sign vanish');
        await this.batch(4, () => undefined);
      });
    if (dice < 97)
      return await this.#named('slots-anew', async () => {
        this.#shift = this.random(3);
        this.order();
        await this.batch(1, () => undefined);
      });
    return await this.#named('lock', () =>
      this.batch(1, () => this.service.lock(this.token.uri('01')).catch(() => undefined)),
    );
  }

  async #named(name: string, work: () => Promise<unknown>): Promise<string> {
    await work();
    return name;
  }

  async #useAnything(): Promise<void> {
    switch (this.random(4)) {
      case 0:
        return void (await this.attempt(() => this.service.list()));
      case 1:
        return void (await this.login(this.token.pin));
      default:
        await this.batch(2, () => undefined);
    }
  }
}

const digestOf = (id: number): Buffer => createHash('sha256').update(`văn bản ${id}`).digest();
const requestFor = (id: number) =>
  ({ scheme: 'rsa-pkcs1', digestAlgorithm: 'sha256', digest: digestOf(id) }) as const;
const fits = (certificate: X509Certificate, id: number, signature: Uint8Array): boolean =>
  verify('sha256', Buffer.from(`văn bản ${id}`), certificate.publicKey, signature);

/** Random plug, unplug, sign, wrong PIN, hang, crash and more, by a seed; then looks for what must not be there. */
export async function soakTokens(options: SoakOptions): Promise<SoakReport> {
  const { events, atMostMs = Infinity, progress = () => undefined } = options;
  const soak = new TokenSoak(options);
  const latest = performance.now() + atMostMs;
  const stopWatching = soak.service.watch();
  const started = performance.now();
  const handlesBefore = handles();
  let most = handlesBefore;
  try {
    await unlock(soak.service, soak.neighbour.uri('01'), soak.neighbour.pin);
    for (let done = 1; done <= events && performance.now() < latest; done++) {
      const name = await soak.event();
      soak.eventCounts[name] = (soak.eventCounts[name] ?? 0) + 1;
      if (done % 10 === 0) await soak.neighbourSigns();
      most = Math.max(most, handles());
      if (done % 100 !== 0 && done !== events) continue;
      await soak.compareCounts();
      soak.token.trimLog();
      progress(
        `${done} events, ${soak.signatures.size} of ${soak.documents} signed, ${soak.faults.length} faults`,
      );
    }
    await finish(soak);
  } finally {
    stopWatching();
    soak.service.close();
  }
  await endings(soak, handlesBefore);
  rmSync(soak.folder, { recursive: true, force: true });
  return {
    events: soak.eventCounts,
    errors: soak.errorCounts,
    documents: soak.documents,
    signed: soak.signatures.size,
    hostsStarted: soak.spawner.started(),
    handles: { before: handlesBefore, most, after: handles() },
    seconds: Math.round((performance.now() - started) / 1000),
    faults: soak.faults,
  };
}

/** The token behaves, and everything that is left is signed. */
async function finish(soak: TokenSoak): Promise<void> {
  soak.token.plug();
  soak.order();
  await soak.login(soak.token.pin);
  for (let round = 0; round < 3 && soak.signatures.size < soak.documents; round++)
    await soak.batch(soak.documents - soak.signatures.size, () => undefined);
  if (soak.signatures.size !== soak.documents)
    soak.fault(`${soak.documents - soak.signatures.size} documents were lost`);
  for (const [id, signature] of soak.signatures)
    if (!fits(soak.certificate, id, signature)) soak.fault(`the signature of document ${id} is not valid`);
  if (soak.token.failedOnToken() !== 0) soak.fault('the right PIN did not clear the count');
}

/** No process, no handle. */
async function endings(soak: TokenSoak, handlesBefore: number): Promise<void> {
  const { running } = soak.spawner;
  await until(() => running.size === 0, 10_000).catch(() =>
    soak.fault(`left over: ${[...running].join(', ')}`),
  );
  // The loop may still be closing the pipes of the last hosts.
  await until(() => handles() <= handlesBefore + 2, 5_000).catch(() =>
    soak.fault(`${handles()} open handles, ${handlesBefore} at the start`),
  );
}
