import { session } from 'electron';
import { proxyQuestionSchema, type ProxyAnswer } from '../core/shared/proxy-question.ts';

/**
 * Answers a program that asks how the system would reach an address (Windows' settings, a proxy script). Whether
 * `message` was such a question.
 */
export function answerProxyQuestion(message: unknown, reply: (answer: ProxyAnswer) => void): boolean {
  const question = proxyQuestionSchema.safeParse(message);
  if (!question.success) return false;
  const { id, url } = question.data;
  session.defaultSession.resolveProxy(url).then(
    (words) => reply({ kind: 'proxy-answer', id, words }),
    () => reply({ kind: 'proxy-answer', id, words: 'DIRECT' }),
  );
  return true;
}
