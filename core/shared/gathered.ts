import { nextTick } from 'node:process';

/**
 * Messages that come to be at one moment go in one: a list, where there are several. Each message of its own would wake the
 * other side, which costs more than what is in it. One that cannot be sent (it holds what has no form between processes) takes none
 * of the others with it: it is told to `refused`.
 */
export function gathered<M>(
  post: (message: M | readonly M[]) => void,
  refused: (message: M, thrown: unknown) => void,
): (message: M) => void {
  let waiting: M[] = [];
  const postAlone = (message: M): void => {
    try {
      post(message);
    } catch (thrown) {
      refused(message, thrown);
    }
  };
  return (message) => {
    waiting.push(message);
    if (waiting.length > 1) return;
    // After all that promises have to do now.
    nextTick(() => {
      const messages = waiting;
      waiting = [];
      const [only] = messages;
      if (messages.length === 1 && only !== undefined) return postAlone(only);
      try {
        post(messages);
      } catch {
        for (const each of messages) postAlone(each);
      }
    });
  };
}
