import { z } from 'zod';
import type { ParentPort } from './parent-port.ts';
import { useProxyResolver } from './proxy.ts';

/** From a program to Electron's main process, which alone knows the system's proxy settings; and back. */
export const proxyQuestionSchema = z.object({
  kind: z.literal('proxy-question'),
  id: z.number().int().positive(),
  url: z.url({ protocol: /^https?$/u }).max(4_096),
});
export type ProxyQuestion = z.infer<typeof proxyQuestionSchema>;

export const proxyAnswerSchema = z.object({
  kind: z.literal('proxy-answer'),
  id: z.number().int().positive(),
  /** In the words of a proxy script. */
  words: z.string().max(4_096),
});
export type ProxyAnswer = z.infer<typeof proxyAnswerSchema>;

/** A proxy script that hangs must not keep a letter from leaving. */
const PATIENCE_MS = 3_000;

/** Lets this program's requests follow the system's proxy, asked for over the port to the main process. */
export function askMainForProxies(port: ParentPort, patienceMs: number = PATIENCE_MS): void {
  const waiting = new Map<number, (words: string) => void>();
  let last = 0;
  port.on('message', ({ data }) => {
    const answer = proxyAnswerSchema.safeParse(data);
    if (!answer.success) return;
    waiting.get(answer.data.id)?.(answer.data.words);
  });
  useProxyResolver(
    (url) =>
      new Promise((resolve) => {
        const id = ++last;
        const settle = (words: string) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(words);
        };
        const timer = setTimeout(() => settle('DIRECT'), patienceMs);
        waiting.set(id, settle);
        const question: ProxyQuestion = { kind: 'proxy-question', id, url };
        port.postMessage(question);
      }),
  );
}
