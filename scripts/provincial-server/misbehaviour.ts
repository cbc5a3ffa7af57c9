import { z } from 'zod';

/** What the server can be told to do wrong. */
export const faultKinds = [
  'delay',
  'drop-before',
  'drop-after',
  'cut-upload',
  'half-reply',
  'status-500',
  'status-429',
  'nonsense',
  'huge-reply',
  'wrong-hash',
  'wrong-operation',
  'wrong-offset',
  'false-complete',
  'duplicate-inbox',
  'corrupt-package',
] as const;
export type FaultKind = (typeof faultKinds)[number];

const ruleSchema = z.strictObject({
  fault: z.enum(faultKinds),
  method: z.enum(['GET', 'PUT', 'POST']).optional(),
  /** Start of the path, as `/v1/objects`. */
  path: z.string().optional(),
  /** How many matching requests it strikes. */
  times: z.number().int().positive().default(1),
  /** How many matching requests pass unharmed first. */
  after: z.number().int().nonnegative().default(0),
  delayMs: z.number().int().nonnegative().max(60_000).default(50),
  /** `cut-upload`: bytes taken before the connection is cut. */
  bytes: z.number().int().nonnegative().default(1),
});

/** A script of faults, one rule after the other, and after it random ones from a seed. */
export const misbehaviourPlanSchema = z.strictObject({
  script: z.array(ruleSchema).default([]),
  random: z
    .strictObject({
      seed: z.number().int(),
      probability: z.number().min(0).max(1),
      among: z.array(z.enum(faultKinds)).min(1),
    })
    .optional(),
});
export type MisbehaviourPlan = z.input<typeof misbehaviourPlanSchema>;

export interface Fault {
  readonly kind: FaultKind;
  readonly delayMs: number;
  readonly bytes: number;
}

/** mulberry32: small, seeded, good enough to choose faults. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Chooses the fault of each request; undefined means to behave. */
export type FaultChooser = (method: string, path: string) => Fault | undefined;

export function createFaultChooser(plan: MisbehaviourPlan): FaultChooser {
  const { script, random } = misbehaviourPlanSchema.parse(plan);
  const rules = script.map((rule) => ({ ...rule }));
  const next = randomNumbers(random?.seed ?? 0);
  return (method, path) => {
    for (const rule of rules) {
      if (rule.times === 0) continue;
      if (rule.method && rule.method !== method) continue;
      if (rule.path && !path.startsWith(rule.path)) continue;
      if (rule.after > 0) {
        rule.after -= 1;
        continue;
      }
      rule.times -= 1;
      return { kind: rule.fault, delayMs: rule.delayMs, bytes: rule.bytes };
    }
    if (!random || next() >= random.probability) return undefined;
    const kind = random.among[Math.floor(next() * random.among.length)];
    return kind && { kind, delayMs: 1 + Math.floor(next() * 20), bytes: Math.floor(next() * 4096) };
  };
}
