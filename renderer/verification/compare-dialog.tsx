import { ActionIcon, Button, Modal } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import type { PagePicture } from '../../core/contract/comparison.ts';
import type { SignatureReport } from '../../core/contract/verification.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { showInstant } from '../format/date.ts';
import { showBytes } from '../format/number.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Loading } from '../ui/loading.tsx';
import { ToneMark } from '../ui/tone-mark.tsx';
import { ChangeList } from './change-list.tsx';
import './compare.css';

interface Props {
  readonly sha256: string;
  readonly signature: SignatureReport;
  readonly onClose: () => void;
}

/** Where to begin: the first page that a change is known on. */
function firstChangedPage({ changes }: SignatureReport): number {
  const pages = changes.flatMap(({ page }) => (page === null ? [] : [page]));
  return pages.length === 0 ? 0 : Math.min(...pages);
}

/** The file as it was signed beside the file as it is now, page by page; both are pictures drawn outside the window. */
export function CompareDialog({ sha256, signature, onClose }: Props) {
  const t = useMessages();
  const { field } = signature;
  const revision = useProcedure('revision.open', { sha256, field });
  const pages = Math.max(revision.data?.signedPages ?? 1, revision.data?.currentPages ?? 1, 1);
  const [wanted, setWanted] = useState(() => firstChangedPage(signature));
  const page = Math.min(wanted, pages - 1);
  const show = (to: number) => setWanted(Math.min(Math.max(to, 0), pages - 1));
  const shown = useProcedure(
    'revision.page',
    { sha256, field, page },
    { enabled: revision.isSuccess, whileLoading: 'previous' },
  );
  const error = revision.error ?? shown.error;

  return (
    <Modal
      opened
      fullScreen
      onClose={onClose}
      title={t('compare.title', { name: signature.signer?.name ?? field })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      transitionProps={{ duration: 0 }}
      classNames={{ body: 'compare' }}
      onKeyDown={(event) => {
        if (event.key === 'PageDown') show(page + 1);
        else if (event.key === 'PageUp') show(page - 1);
        else return;
        event.preventDefault();
      }}
    >
      <div className="compare-bar" role="toolbar" aria-label={t('compare.pages')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          data-autofocus
          aria-label={t('pages.previous')}
          disabled={page === 0}
          onClick={() => show(page - 1)}
        >
          <IconChevronLeft size={17} />
        </ActionIcon>
        <span aria-live="polite">{t('pages.page-of', { page: page + 1, pages })}</span>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('pages.next')}
          disabled={page >= pages - 1}
          onClick={() => show(page + 1)}
        >
          <IconChevronRight size={17} />
        </ActionIcon>
        {shown.data && (
          <ToneMark tone={shown.data.differs ? 'warn' : 'ok'}>
            {t(shown.data.differs ? 'compare.differs' : 'compare.same')}
          </ToneMark>
        )}
        <span className="soft">{t('compare.keys')}</span>
        <span style={{ flex: 1 }} />
        <Button size="xs" variant="default" onClick={onClose}>
          {t('action.close')}
        </Button>
      </div>
      {error && <ErrorNotice error={error} />}
      {!error && !shown.data && <Loading />}
      {shown.data && (
        <div className="compare-panes">
          <Pane
            title={t('compare.signed', {
              at: showInstant(signature.bestSignatureTime, 'seconds') || '–',
              size: showBytes(revision.data?.signedBytes ?? 0),
            })}
            picture={shown.data.signed}
            side="signed"
          />
          <Pane
            title={t('compare.current', { size: showBytes(revision.data?.currentBytes ?? 0) })}
            picture={shown.data.current}
            side="current"
          />
        </div>
      )}
      <section className="compare-changes" aria-label={t('changes.title')} tabIndex={0}>
        <ChangeList changes={signature.changes} onPage={show} />
      </section>
    </Modal>
  );
}

interface PaneProps {
  readonly title: string;
  readonly picture: PagePicture | null;
  readonly side: 'signed' | 'current';
}

function Pane({ title, picture, side }: PaneProps) {
  const t = useMessages();
  return (
    <figure className="compare-pane" data-side={side}>
      <figcaption>{title}</figcaption>
      <div className="compare-sheet" tabIndex={0} role="region" aria-label={title}>
        {picture ? (
          <img
            src={`data:image/png;base64,${picture.png}`}
            width={picture.width}
            height={picture.height}
            alt={title}
          />
        ) : (
          <p className="soft">{t('compare.no-page')}</p>
        )}
      </div>
    </figure>
  );
}
