import { benchLetter } from './letter.ts';
import { benchIdle, benchLoop } from './load.ts';
import { benchReading } from './ocr.ts';
import { benchPlugIn } from './plug-in.ts';
import { benchRegister } from './register.ts';
import type { Benchmark } from './result.ts';
import { benchSign } from './sign.ts';
import { benchSignBatch } from './sign-batch.ts';
import { benchSignLarge } from './sign-large.ts';
import { benchToken } from './token.ts';
import { benchVerify } from './verify.ts';

/** Every benchmark by its name. */
export const benchmarks = {
  letter: benchLetter,
  ocr: benchReading,
  register: benchRegister,
  idle: benchIdle,
  loop: benchLoop,
  sign: benchSign,
  'sign-batch': benchSignBatch,
  'sign-large': benchSignLarge,
  verify: benchVerify,
  token: benchToken,
  'plug-in': benchPlugIn,
} satisfies Record<string, Benchmark>;
