import { setImmediate } from 'node:timers';
import type { KeyDescription, SignRequest } from '../../core/ports/signing-key.ts';
import type { UncheckedSignature } from '../token-host/backend.ts';
import { SerialQueue } from '../token-host/serial-queue.ts';
import { assertRequestFits } from '../token-host/signature-check.ts';
import type { Login } from './login.ts';
import { signatureInput, signatureOutput } from './mechanisms.ts';
import type { Handle } from './module.ts';
import type { LaneAnswer, LaneFailure, SigningLane } from './signing-lane.ts';

/** How signatures are made on the main thread, and what for. */
export interface SignsHere {
  /** The login that a URI means, with the id of its token; undefined when there is none. */
  loginFor(uri: string): readonly [string, Login] | undefined;
  /** One signature; `failed` when the lane began it and met this. */
  sign(uri: string, request: SignRequest, failed?: LaneFailure): Promise<UncheckedSignature>;
}

export type SignsOnLane = Pick<SigningLane, 'ready' | 'underWay' | 'use' | 'sign' | 'idle'>;

/** A token that takes longer gains nothing: the way of the messages is a tenth of a millisecond. */
const QUICK_MS = 5;

/** So many quick signatures in a row with another behind them: the token is what a batch waits for. */
const HASTE_OF_A_BATCH = 8;

/** So often the token had nothing to do, and never so many in a row for it between: then it waits for the batch. */
const LULLS = 8;

/** What the lane signs now. */
interface LaneUse {
  readonly uri: string;
  readonly scheme: SignRequest['scheme'];
  readonly digestAlgorithm: SignRequest['digestAlgorithm'];
  readonly login: Login;
  readonly session: Handle;
  readonly key: KeyDescription;
  readonly token: string;
}

/**
 * Signatures of one module in the order in which they are asked for. They are made on the main thread, as every other call
 * into the driver; only a batch on a quick token (a tenth of a real card's time) gets a thread of its own, so that the driver
 * does not wait for messages and checks. Two calls into the driver never run at once.
 */
export class QuickSigning {
  readonly #here: SignsHere;
  readonly #startLane: () => Promise<SignsOnLane>;
  readonly #turns = new SerialQueue();
  #haste = 0;
  #lulls = 0;
  #breath: Promise<void> | undefined;
  #lane: SignsOnLane | undefined;
  #started = false;
  #use: LaneUse | undefined;

  constructor(here: SignsHere, startLane: () => Promise<SignsOnLane>) {
    this.#here = here;
    this.#startLane = startLane;
  }

  async sign(uri: string, request: SignRequest): Promise<UncheckedSignature> {
    const turn = await this.#turns.run(() => this.#take(uri, request));
    if ('signature' in turn) return turn;
    const answer = await turn.answer;
    const { use } = turn;
    if (answer.kind === 'signed') {
      const signature = signatureOutput(request.scheme, answer.output);
      return { signature, key: use.key, token: use.token };
    }
    if (this.#use === use) this.#use = undefined;
    const failure = answer.kind === 'failed' ? answer.failure : undefined;
    return await this.#turns.run(() => this.#signHere(uri, request, failure));
  }

  /** A signature, or one on its way: then the next may follow it. */
  async #take(
    uri: string,
    request: SignRequest,
  ): Promise<UncheckedSignature | { readonly use: LaneUse; readonly answer: Promise<LaneAnswer> }> {
    const use = this.#use;
    if (this.#lane && use && this.#fits(use, uri, request) && !this.#hasLulls(this.#lane)) {
      assertRequestFits(use.key, request);
      return { use, answer: this.#lane.sign(signatureInput(use.key, request)) };
    }
    return await this.#signHere(uri, request);
  }

  /** Whether the lane does not pay any more: a second thread that is woken for each signature only takes processors from others. */
  #hasLulls(lane: SignsOnLane): boolean {
    if (lane.underWay === 0) {
      this.#lulls++;
      this.#haste = 0;
    } else if (++this.#haste >= HASTE_OF_A_BATCH) this.#lulls = 0;
    if (this.#lulls < LULLS) return false;
    this.#use = undefined;
    this.#lulls = 0;
    this.#haste = 0;
    return true;
  }

  #fits(use: LaneUse, uri: string, { scheme, digestAlgorithm }: SignRequest): boolean {
    if (uri !== use.uri || scheme !== use.scheme || digestAlgorithm !== use.digestAlgorithm) return false;
    const [, login] = this.#here.loginFor(uri) ?? [];
    return login === use.login && login.session === use.session;
  }

  async #signHere(uri: string, request: SignRequest, failed?: LaneFailure): Promise<UncheckedSignature> {
    await this.#lane?.idle();
    await this.#breath;
    const started = performance.now();
    const signed = await this.#here.sign(uri, request, failed);
    if (performance.now() - started > QUICK_MS) this.#haste = 0;
    else this.#haste = this.#turns.length > 1 ? this.#haste + 1 : 0;
    // The answer goes out, and what has been asked comes in, before the next one takes the thread.
    this.#breath = new Promise((resolve) => setImmediate(resolve));
    if (this.#haste >= HASTE_OF_A_BATCH) this.#useLane(uri, request);
    return signed;
  }

  /** Where no thread can be started, signatures go on as before. */
  #start(): void {
    if (this.#started) return;
    this.#started = true;
    void this.#startLane().then(
      (lane) => (this.#lane = lane),
      () => undefined,
    );
  }

  /** Starts the thread, or has it go on from here once it has started. */
  #useLane(uri: string, request: SignRequest): void {
    if (!this.#lane) return this.#start();
    const [token, login] = this.#here.loginFor(uri) ?? [];
    const resolved = login?.resolved.get(uri);
    const key = resolved && login?.laneKey(resolved.certificate, request);
    if (!this.#lane.ready || token === undefined || !login || !resolved || !key) return;
    const { scheme, digestAlgorithm } = request;
    this.#lane.use(key);
    this.#use = { uri, scheme, digestAlgorithm, login, session: login.session, key: resolved.key, token };
  }
}
