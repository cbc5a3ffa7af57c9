import { z } from 'zod';
import type { Warning } from '../contract/common.ts';
import { outboxLabels } from '../contract/outbox-labels.ts';

const recordSchema = z.object({
  register: z.object({ year: z.number() }),
  arrivalNumber: z.number(),
  arrivalSuffix: z.string(),
  codeNumber: z.string(),
  codeNotation: z.string(),
});
const statusSchema = z.object({
  status: z.object({ statusCode: z.string(), responseFor: z.object({ code: z.string() }) }),
});

/**
 * An operation's label as it is said in other languages: the facts come from what is to be sent, so that operations of
 * earlier versions have them, too. The message is the label as stored; a body that holds no such facts leaves it at that.
 */
export function saidLabel(row: {
  kind: 'arrival-record' | 'edxml-status';
  label: string;
  body: string;
}): Warning {
  const { code, detail } = factsOf(row);
  return { code, message: row.label, detail };
}

function factsOf({ kind, body }: { kind: string; body: string }): {
  code: string;
  detail: Record<string, string>;
} {
  const parsed = parse(body);
  if (kind === 'arrival-record') {
    const { data } = recordSchema.safeParse(parsed);
    if (!data) return untold;
    const number = `${data.arrivalNumber}${data.arrivalSuffix}/${data.register.year}`;
    return {
      code: 'outbox.arrival-record',
      detail: { number, document: `${data.codeNumber}/${data.codeNotation}` },
    };
  }
  const { data } = statusSchema.safeParse(parsed);
  const code = `outbox.status-${data?.status.statusCode}`;
  return data && Object.hasOwn(outboxLabels, code)
    ? { code, detail: { document: data.status.responseFor.code } }
    : untold;
}

const untold = { code: 'outbox.operation', detail: {} };

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
