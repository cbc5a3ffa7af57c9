import { useEffect, useState } from 'react';
import { now } from '../format/date.ts';

/** `4:05` until an instant; counts down each second and stops at 0:00. Not announced: screen readers would say it every second. */
export function Countdown({ until }: { readonly until: string }) {
  const [left, setLeft] = useState(() => secondsUntil(until));
  useEffect(() => {
    const timer = setInterval(() => setLeft(secondsUntil(until)), 1000);
    return () => clearInterval(timer);
  }, [until]);
  return <span className="countdown">{showSeconds(Math.min(left, secondsUntil(until)))}</span>;
}

function secondsUntil(instant: string): number {
  return Math.max(0, Math.ceil((Date.parse(instant) - now().getTime()) / 1000));
}

/** Seconds as minutes and seconds. */
export function showSeconds(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
