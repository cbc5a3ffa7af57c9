import { nextTick } from 'node:process';

/**
 * Messages that come to be at one moment go in one: a list, where there are several. Each message of its own would wake the
 * other side, which costs more than what is in it.
 */
export function gathered(post: (message: unknown) => void): (message: unknown) => void {
  let waiting: unknown[] = [];
  return (message) => {
    waiting.push(message);
    if (waiting.length > 1) return;
    // After all that promises have to do now.
    nextTick(() => {
      const messages = waiting;
      waiting = [];
      post(messages.length > 1 ? messages : messages[0]);
    });
  };
}
