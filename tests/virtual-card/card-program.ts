import { createPrivateKey } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { z } from 'zod';
import { cardContentSchema, cardRequestSchema } from './card-protocol.ts';
import { type CardKey, PivCard } from './piv-card.ts';
import { type CardManners, VpcdLink } from './vpcd-link.ts';

/*
 * The card as a process of its own, beside its reader: one JSON document a line on standard input, one answer a line. The first
 * line is the card's content.
 */
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const keyOf = (key: { privateKeyPem: string; certificate: string }): CardKey => ({
  privateKey: createPrivateKey(key.privateKeyPem),
  certificate: Buffer.from(key.certificate, 'base64'),
});

const { port, authentication, signature, ...plain } = cardContentSchema.parse(
  JSON.parse(String((await lines.next()).value)),
);
const card = new PivCard({
  ...plain,
  ...(authentication && { authentication: keyOf(authentication) }),
  ...(signature && { signature: keyOf(signature) }),
});
const manners: CardManners = { delayMs: 0, pullAt: null };
const link = new VpcdLink(card, manners, port);

async function obey(request: z.infer<typeof cardRequestSchema>): Promise<void> {
  switch (request.do) {
    case 'insert':
      return await link.insert();
    case 'remove':
      return link.remove();
    case 'behave':
      manners.delayMs = request.delayMs;
      manners.pullAt = request.pullAt;
      return;
    case 'unblock':
      return card.unblock();
    case 'look':
  }
}

for (;;) {
  const line = await lines.next();
  if (line.done) break;
  await obey(cardRequestSchema.parse(JSON.parse(line.value)));
  process.stdout.write(`${JSON.stringify({ ...card.counters, inserted: link.inserted })}\n`);
}
link.remove();
process.exit(0);
