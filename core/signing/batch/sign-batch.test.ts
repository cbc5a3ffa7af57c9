import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { SigningKey } from '../../ports/signing-key.ts';
import { AnThuError } from '../../shared/errors.ts';
import { signBatch, type SignBatchOptions } from './sign-batch.ts';

const request = { scheme: 'rsa-pkcs1', digestAlgorithm: 'sha256', digest: new Uint8Array(32) } as const;

interface PlayedToken {
  readonly key: SigningKey;
  /** Requests that reached the token. */
  asked(): number;
  /** The most that were with the token at once. */
  most(): number;
}

/** A token that signs one digest after the other, `ms` each; `fail` may throw for the nth request (from 1). */
function playedToken({ ms = 0, fail }: { ms?: number; fail?: (nth: number) => void } = {}): PlayedToken {
  let asked = 0;
  let inside = 0;
  let most = 0;
  let last: Promise<unknown> = Promise.resolve();
  const sign = async (): Promise<Uint8Array> => {
    const nth = ++asked;
    most = Math.max(most, ++inside);
    const turn = last.then(() => sleep(ms));
    last = turn;
    await turn;
    inside--;
    fail?.(nth);
    return new Uint8Array([nth]);
  };
  const key: SigningKey = {
    uri: 'pkcs11:token=played',
    label: 'played',
    keyType: 'rsa',
    bits: 2048,
    certificate: new Uint8Array(),
    chain: [],
    sign,
  };
  return { key, asked: () => asked, most: () => most };
}

const files = (count: number): string[] => Array.from({ length: count }, (_, index) => `tệp ${index}`);

/** Prepares, signs, finishes, with the given durations. */
function steps(prepareMs: number, finishMs: number): SignBatchOptions<string, string>['signOne'] {
  return async (file, key) => {
    await sleep(prepareMs);
    await (await key).sign(request);
    await sleep(finishMs);
    return `${file} đã ký`;
  };
}

const batch = (token: PlayedToken, options: Partial<SignBatchOptions<string, string>> = {}) =>
  signBatch<string, string>({ files: files(20), key: token.key, signOne: steps(1, 1), ...options });

const states = (report: { results: readonly { state: string }[] }): string[] =>
  report.results.map(({ state }) => state);

describe('a batch', () => {
  it('gives one result a file, in the order of the files, whatever the order in which they finish', async () => {
    const token = playedToken();
    const report = await batch(token, {
      signOne: async (file, key) => {
        await sleep(file === 'tệp 0' ? 60 : 1);
        await (await key).sign(request);
        return file;
      },
    });
    expect(report.results.map(({ file, value, index }) => [file, value, index])).toEqual(
      files(20).map((file, index) => [file, file, index]),
    );
    expect([token.asked(), report.token.signatures, report.stopped]).toEqual([20, 20, undefined]);
  });

  it('of no files is done at once', async () => {
    expect((await batch(playedToken(), { files: [] })).results).toEqual([]);
  });

  it('goes on after files that fail', async () => {
    const report = await batch(playedToken(), {
      files: files(4),
      signOne: async (file, key) => {
        if (file === 'tệp 1') throw new AnThuError('pdf.no-pages');
        if (file === 'tệp 2') throw new TypeError('một lỗi của phần mềm');
        await (await key).sign(request);
        return file;
      },
    });
    expect(states(report)).toEqual(['signed', 'failed', 'failed', 'signed']);
    expect(report.results.map(({ error }) => error?.code)).toEqual([
      undefined,
      'pdf.no-pages',
      'general.defect',
      undefined,
    ]);
  });

  it.each([
    ['fast', 2, 2],
    ['slow before the signature', 20, 2],
    ['slow after the signature', 2, 40],
    ['slow before and after', 15, 30],
  ])('keeps the token busy when the work on the files is %s', async (_, prepareMs, finishMs) => {
    const token = playedToken({ ms: 12 });
    const { token: times } = await batch(token, { files: files(25), signOne: steps(prepareMs, finishMs) });
    expect(times.signatures).toBe(25);
    expect(times.idleMs / times.spanMs).toBeLessThan(0.2);
  });

  it('holds a bounded number of files in hand and of requests with the token', async () => {
    let inHand = 0;
    let most = 0;
    const token = playedToken({ ms: 3 });
    await batch(token, {
      files: files(40),
      parallel: 5,
      signOne: async (file, key) => {
        most = Math.max(most, ++inHand);
        await (await key).sign(request);
        inHand--;
        return file;
      },
    });
    expect([most, token.most()]).toEqual([5, 3]);
  });

  it('tells of each file as it finishes', async () => {
    const told: [number, number, string][] = [];
    await batch(playedToken(), {
      files: files(3),
      onProgress: ({ done, total, result }) => told.push([done, total, result.state]),
    });
    expect(told).toEqual([1, 2, 3].map((done) => [done, 3, 'signed']));
  });
});

describe('a token that is lost', () => {
  it.each(['token.removed', 'token.login-lost', 'token.driver-crashed', 'token.driver-timeout'] as const)(
    'with %s is not asked again',
    async (code) => {
      const token = playedToken({
        ms: 2,
        fail: (nth) => {
          if (nth >= 5) throw new AnThuError(code, { reason: 'rút ra' });
        },
      });
      const begun: string[] = [];
      const report = await batch(token, {
        files: files(60),
        signOne: async (file, key) => {
          begun.push(file);
          await (await key).sign(request);
          return file;
        },
      });
      const count = (state: string) => states(report).filter((found) => found === state).length;
      expect(count('signed')).toBe(4);
      // The requests that were on their way already end with the token's own word; no other is sent.
      expect(count('failed')).toBeLessThanOrEqual(3);
      expect(token.asked()).toBe(4 + count('failed'));
      expect(count('not-tried')).toBe(56 - count('failed'));
      expect(begun.length).toBeLessThan(20);
      expect(report.stopped?.code).toBe(code);
      expect(report.results.at(-1)?.error).toMatchObject({
        code: 'signing.batch-token-gone',
        detail: { cause: code },
      });
    },
  );

  it('is told from a token that refuses one request', async () => {
    const token = playedToken({
      fail: (nth) => {
        if (nth === 3) throw new AnThuError('token.busy');
      },
    });
    const report = await batch(token, { files: files(8) });
    expect(states(report).filter((state) => state === 'signed')).toHaveLength(7);
    expect(report.stopped).toBeUndefined();
  });

  it('also when its wrong signature only shows afterwards', async () => {
    const token = playedToken({ ms: 2 });
    const report = await batch(token, {
      files: files(30),
      parallel: 1,
      signOne: async (file, key) => {
        const [nth] = await (await key).sign(request);
        if (nth === 4) throw new AnThuError('signing.bad-signature');
        return file;
      },
    });
    expect([token.asked(), report.results[3]?.state, report.results[4]?.state]).toEqual([
      4,
      'failed',
      'not-tried',
    ]);
  });
});

describe('a key that is still being unlocked', () => {
  it('keeps no file from being prepared', async () => {
    const prepared: string[] = [];
    const token = playedToken();
    let unlock: (key: SigningKey) => void = () => undefined;
    const key = new Promise<SigningKey>((resolve) => (unlock = resolve));
    const running = batch(token, {
      key,
      files: files(10),
      parallel: 3,
      signOne: async (file, gated) => {
        prepared.push(file);
        await (await gated).sign(request);
        return file;
      },
    });
    await sleep(5);
    expect([prepared.length, token.asked()]).toEqual([3, 0]);
    unlock(token.key);
    expect(new Set(states(await running))).toEqual(new Set(['signed']));
  });

  it('and cannot be unlocked ends the batch', async () => {
    const key = Promise.reject(new AnThuError('token.pin-incorrect'));
    const report = await batch(playedToken(), { key, files: files(30) });
    expect(states(report)).not.toContain('signed');
    expect(report.stopped?.code).toBe('token.pin-incorrect');
    expect(report.results.at(-1)?.state).toBe('not-tried');
  });
});

describe('cancelling', () => {
  it('finishes what is with the token and begins nothing else', async () => {
    const controller = new AbortController();
    const token = playedToken({ ms: 10 });
    const report = await batch(token, {
      files: files(30),
      signOne: steps(1, 20),
      signal: controller.signal,
      onProgress: ({ done }) => done === 3 && controller.abort(),
    });
    const signed = states(report).filter((state) => state === 'signed').length;
    expect(signed).toBeGreaterThanOrEqual(3);
    expect(signed).toBeLessThan(12);
    expect(token.asked()).toBe(signed);
    expect(states(report).filter((state) => state === 'not-tried')).toHaveLength(30 - signed);
    expect(report.stopped?.code).toBe('signing.batch-cancelled');
  });

  it('before the start asks the token for nothing', async () => {
    const token = playedToken();
    const report = await batch(token, { signal: AbortSignal.abort() });
    expect(token.asked()).toBe(0);
    expect(new Set(states(report))).toEqual(new Set(['not-tried']));
  });
});

describe('resuming', () => {
  it('takes finished files as they are and signs the rest', async () => {
    const token = playedToken();
    const report = await batch(token, {
      files: files(6),
      findFinished: async (file) => (Number(file.slice(4)) % 2 === 0 ? 'của lần trước' : undefined),
    });
    expect(states(report)).toEqual(['resumed', 'signed', 'resumed', 'signed', 'resumed', 'signed']);
    expect(report.results[0]?.value).toBe('của lần trước');
    expect(token.asked()).toBe(3);
  });

  it('does not sign a file of which it is in doubt', async () => {
    const token = playedToken();
    const report = await batch(token, {
      files: files(1),
      findFinished: async () => {
        throw new AnThuError('general.output-exists', { path: 'x' });
      },
    });
    expect([states(report), token.asked()]).toEqual([['failed'], 0]);
  });
});
