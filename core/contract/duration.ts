import type { Language } from './sentences.ts';

const units = {
  vi: { minute: () => 'phút', second: () => 'giây' },
  en: {
    minute: (n: number) => (n === 1 ? 'minute' : 'minutes'),
    second: (n: number) => (n === 1 ? 'second' : 'seconds'),
  },
} as const satisfies Record<Language, unknown>;

/** A waiting time as people say it: minutes and seconds, a part of a second counting as one. What is no number of milliseconds stays as it is. */
export function durationInWords(milliseconds: string, language: Language): string {
  if (!/^\d{1,12}$/.test(milliseconds)) return milliseconds;
  const whole = Math.max(1, Math.ceil(Number(milliseconds) / 1000));
  const [minutes, seconds] = [Math.floor(whole / 60), whole % 60];
  const { minute, second } = units[language];
  const parts = [
    ...(minutes > 0 ? [`${minutes} ${minute(minutes)}`] : []),
    ...(seconds > 0 ? [`${seconds} ${second(seconds)}`] : []),
  ];
  return parts.join(' ');
}
