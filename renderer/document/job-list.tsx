import type { JobView } from '../../core/contract/document.ts';
import { showInstant } from '../format/date.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useSaid } from '../i18n/use-said.ts';
import { Notice } from '../ui/notice.tsx';
import type { Tone } from '../ui/tone.ts';

const stateWords: Record<JobView['state'], readonly [Tone, MessageKey]> = {
  ready: ['info', 'job.ready'],
  running: ['info', 'job.running'],
  waiting: ['warn', 'job.waiting'],
  parked: ['bad', 'job.parked'],
  done: ['ok', 'job.done'],
};

/** What a kind of job does; another kind is shown by its name. */
const kindWords: Readonly<Record<string, MessageKey>> = {
  'intake.check': 'job.kind-check',
  'intake.convert': 'job.kind-convert',
  'intake.read': 'job.kind-read',
  'document.sign': 'job.kind-sign',
  'document.extend': 'job.kind-extend',
  'document.renew': 'job.kind-renew',
  'document.upload': 'job.kind-upload',
  'inbound.open': 'job.kind-inbound',
  'inbound.recheck': 'job.kind-recheck',
  'document.recheck': 'job.kind-recheck',
};

/** A renewal that is years away is nothing to tell. */
const sleeps = (job: JobView): boolean =>
  job.kind === 'document.renew' && job.state === 'ready' && job.error === null;

/** Work on a document that is not finished, with its error and when it is tried again. */
export function JobList({ jobs }: { readonly jobs: readonly JobView[] }) {
  const t = useMessages();
  const say = useSaid();
  return (
    <>
      {jobs
        .filter((job) => job.state !== 'done' && !sleeps(job))
        .map((job) => {
          const [tone, title] = stateWords[job.state];
          const kind = kindWords[job.kind];
          return (
            <Notice key={job.id} tone={tone} title={`${kind ? t(kind) : job.kind}: ${t(title)}`}>
              {job.error && say(job.error)}
              {job.attempts > 0 && ` ${t('job.attempts', { n: job.attempts })}`}
              {job.nextAt && ` ${t('job.next-at', { at: showInstant(job.nextAt, 'seconds') })}`}
            </Notice>
          );
        })}
    </>
  );
}
