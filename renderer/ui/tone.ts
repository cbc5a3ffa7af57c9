import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconInfoCircle,
  IconPointFilled,
  type Icon,
} from '@tabler/icons-react';

/** How something stands; always shown with a word and a sign, never by colour alone. */
export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'idle';

export const toneIcon: Record<Tone, Icon> = {
  ok: IconCircleCheck,
  warn: IconAlertTriangle,
  bad: IconCircleX,
  info: IconInfoCircle,
  idle: IconPointFilled,
};
