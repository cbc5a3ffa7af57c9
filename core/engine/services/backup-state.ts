import { z } from 'zod';
import type { ProcedureOutput } from '../../contract/procedures.ts';
import { shownDay, shownMinute } from '../../shared/clock.ts';
import { warning } from '../../shared/warning.ts';
import { type EngineContext, listAgencies } from '../context.ts';
import { lastBackup } from './register-backup.ts';

type ServiceState = ProcedureOutput<'services.status'>['services'][number];

const DAY_MS = 24 * 3_600_000;
/** Daily is the rule (domain/vietnam.md §2.2); an office is closed at the end of the week. */
const OLD_AFTER_MS = 3 * DAY_MS;
/** One that a wrong clock dates so far ahead would never grow old. */
const AHEAD_MS = DAY_MS;

/** Whether the office's data were backed up of late, whole, and on another disk. */
export function backupState(context: Pick<EngineContext, 'clock' | 'database'>): ServiceState {
  const last = lastBackup(context);
  if (!last) {
    const off = listAgencies(context.database).some(({ demo }) => demo) || !hasArrivals(context);
    return {
      name: 'backup',
      state: off ? 'off' : 'unavailable',
      said: [warning(off ? 'service.backup-off' : 'service.backup-none')],
      detail: {},
    };
  }
  const age = context.clock.now().getTime() - Date.parse(last.createdAt);
  const problems = [
    ...(age > OLD_AFTER_MS ? [warning('service.backup-old', { days: Math.floor(age / DAY_MS) })] : []),
    ...(age < -AHEAD_MS ? [warning('service.backup-ahead')] : []),
    ...(last.missing > 0 ? [warning('service.backup-incomplete', { missing: last.missing })] : []),
    ...(last.sameDisk ? [warning('service.backup-same-disk')] : []),
  ];
  const at = `${shownMinute(last.createdAt)} ${shownDay(last.createdAt)}`;
  return {
    name: 'backup',
    state: problems.length > 0 ? 'unavailable' : 'ok',
    said: [warning('service.backup-made', { at }), ...problems],
    detail: { target: last.target },
  };
}

const hasArrivals = ({ database }: Pick<EngineContext, 'database'>): boolean =>
  database.get(z.object({ one: z.number() }), 'SELECT 1 AS one FROM arrival LIMIT 1') !== undefined;
