import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PipelineDepth } from './pipeline-depth.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

/** The depth after some answers, one after the other, that took so long each. */
function depthAfter(...times: readonly number[]): number {
  const depth = new PipelineDepth({ least: 3, most: 12 });
  for (const ms of times) {
    const sentAt = performance.now();
    vi.advanceTimersByTime(ms);
    depth.answered(sentAt);
  }
  return depth.current;
}

describe('how many requests are under way at once', () => {
  test('are the fewest while nobody knows how long one takes, and for a card', () => {
    expect([depthAfter(), depthAfter(300), depthAfter(130, 140, 120)]).toEqual([3, 3, 3]);
  });

  test('are more for a token that takes next to no time, up to a bound', () => {
    expect([depthAfter(1, 1), depthAfter(0.5, 0.5), depthAfter(0, 0)]).toEqual([6, 12, 12]);
  });

  test('are soon the fewest again when the token becomes slow', () => {
    expect(depthAfter(0.5, 0.5, 0.5, 300)).toBe(3);
  });

  test('count from the answer before, not from when a request was sent', () => {
    const depth = new PipelineDepth({ least: 3, most: 12 });
    const sentAt = performance.now();
    for (let answer = 0; answer < 6; answer++) {
      vi.advanceTimersByTime(1);
      depth.answered(sentAt);
    }
    expect(depth.current).toBe(6);
  });
});
