import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import pkcs11js from 'pkcs11js';
import { strictAssert } from '../../core/shared/assert.ts';
import type { Lane, ThreadSetup } from './signing-lane.ts';
import { type RingOutcome, SIGNATURE_BYTES, SignRing } from './sign-ring.ts';

/*
 * A second thread of a token host, which does nothing but C_SignInit and C_Sign, for one key at a time, while the first
 * one sees to messages and checks signatures (`signing-lane.ts`). After a failure it touches the driver no more until it is
 * given a new lane: what is to be done about it is the first thread's to decide.
 */
strictAssert(parentPort, 'runs as a thread of a token host');
const port = parentPort;
const { memory, modulePath } = workerData as ThreadSetup;
const ring = new SignRing(memory);

/** Tells the first thread to look into the ring. */
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
const wake = (): void => port.postMessage(null);

/** Handles as pkcs11js takes them. */
interface DriverLane extends Lane {
  readonly session: Buffer;
  readonly key: Buffer;
}

let module: pkcs11js.PKCS11 | undefined;
let lane: DriverLane | undefined;
let failedLane = 0;

/** The library is in this process and initialized already; this only finds its functions. */
function loaded(): pkcs11js.PKCS11 {
  if (module) return module;
  const found = new pkcs11js.PKCS11();
  found.load(modulePath);
  module = found;
  return found;
}

function laneNumbered(number: number): DriverLane {
  while (lane?.number !== number) {
    const order = receiveMessageOnPort(port) as { readonly message: Lane } | undefined;
    strictAssert(order, 'a lane is told before it is used');
    const { session, key, ...rest } = order.message;
    lane = { ...rest, session: Buffer.from(session), key: Buffer.from(key) };
  }
  return lane;
}

function sign({ session, key, mechanism }: DriverLane, input: Buffer): [RingOutcome, Uint8Array] {
  let operation: RingOutcome = 'load';
  try {
    const driver = loaded();
    operation = 'C_SignInit';
    driver.C_SignInit(session, mechanism, key);
    operation = 'C_Sign';
    return ['signed', driver.C_Sign(session, input, Buffer.alloc(SIGNATURE_BYTES))];
  } catch (thrown) {
    return [operation, Buffer.from(thrown instanceof Error ? thrown.message : String(thrown))];
  }
}

const nothing = new Uint8Array();
let untold = 0;
wake();
for (let n = 0; ; n++) {
  const { lane: number, input } = ring.take(n);
  const [outcome, output] =
    number === failedLane ? (['not-begun', nothing] as const) : sign(laneNumbered(number), input);
  if (outcome !== 'signed') failedLane = number;
  const waiting = ring.give(n, outcome, output);
  untold++;
  // Two are told at once while there is enough to do: half as often somebody is woken, who may be put on this very processor.
  if (outcome === 'signed' && untold < 2 && waiting > 1) continue;
  untold = 0;
  wake();
}
