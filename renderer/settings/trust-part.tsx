import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';
import { offeredAnchorsSchema, type AnchorView, type OfferedAnchor } from '../../core/contract/trust.ts';
import type { ProcedureOutput } from '../../core/contract/procedures.ts';
import { useEngine } from '../engine/engine-context.ts';
import { useAction } from '../engine/use-action.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { showInstant } from '../format/date.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useSaid } from '../i18n/use-said.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Facts } from '../ui/facts.tsx';
import { Notice } from '../ui/notice.tsx';
import { notifyDone, notifyError } from '../ui/notify.ts';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { ToneMark } from '../ui/tone-mark.tsx';
import { classWords } from '../verification/signature-checks.ts';
import { Part } from './part.tsx';

type Stored = ProcedureOutput<'trust.list'>['anchors'][number];
type Purpose = Stored['purpose'];
const purposeWords = {
  signature: 'trust.purpose-signature',
  timestamp: 'trust.purpose-timestamp',
} as const;
const purposes = ['signature', 'timestamp'] as const satisfies readonly Purpose[];

/** The administrator's anchors by purpose: import by a native dialog, compare the fingerprint, remove with a reason. */
export function TrustPart() {
  const t = useMessages();
  const { shell } = useEngine();
  const anchors = useProcedure('trust.list', {});
  const [offered, setOffered] = useState<readonly OfferedAnchor[] | null>(null);
  const [removing, setRemoving] = useState<Stored | null>(null);

  /** The file is chosen and read outside the page, which learns only what certificates it holds. */
  async function chooseFile(): Promise<void> {
    try {
      const answer = await shell.chooseAnchorFile?.();
      if (answer) setOffered(offeredAnchorsSchema.parse(answer).offered);
    } catch (error) {
      notifyError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  return (
    <Part title={t('trust.title')} about={t('trust.about')}>
      {anchors.error && <ErrorNotice error={anchors.error} />}
      {anchors.data &&
        purposes.map((purpose) => (
          <section key={purpose} aria-label={t(purposeWords[purpose])} data-anchors={purpose}>
            <h3 className="card-title">{t(purposeWords[purpose])}</h3>
            <AnchorList
              anchors={anchors.data.anchors.filter((anchor) => anchor.purpose === purpose)}
              onRemove={setRemoving}
            />
          </section>
        ))}
      <span className="soft">{t('trust.aia')}</span>
      {shell.chooseAnchorFile && (
        <div>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconFileImport size={15} aria-hidden />}
            onClick={() => void chooseFile()}
          >
            {t('trust.import')}
          </Button>
        </div>
      )}
      {offered && <OfferDialog offered={offered} onClose={() => setOffered(null)} />}
      {removing && <RemoveDialog anchor={removing} onClose={() => setRemoving(null)} />}
    </Part>
  );
}

interface ListProps {
  readonly anchors: readonly Stored[];
  readonly onRemove: (anchor: Stored) => void;
}

function AnchorList({ anchors, onRemove }: ListProps) {
  const t = useMessages();
  if (anchors.length === 0) return <span className="soft">{t('trust.empty')}</span>;
  return (
    <Stack gap={8}>
      {anchors.map((anchor) => (
        <div key={anchor.fingerprint} className="anchor" data-anchor={anchor.fingerprint}>
          <AnchorFacts anchor={anchor} />
          <Button
            size="compact-xs"
            variant="default"
            style={{ flex: 'none' }}
            aria-label={`${t('trust.remove')}: ${anchor.name}`}
            onClick={() => onRemove(anchor)}
          >
            {t('trust.remove')}
          </Button>
        </div>
      ))}
    </Stack>
  );
}

function AnchorFacts({ anchor }: { readonly anchor: AnchorView }) {
  const t = useMessages();
  const [tone, kind] = classWords[anchor.class];
  return (
    <div>
      <b className="isolated-text">{anchor.name}</b>{' '}
      {anchor.sample ? (
        <ToneMark tone="warn">{t('trust.sample')}</ToneMark>
      ) : (
        <ToneMark tone={tone}>{t(anchor.class === 'unknown' ? 'trust.unlisted' : kind)}</ToneMark>
      )}
      <Facts
        rows={[
          [
            t('trust.fingerprint'),
            <span key="print" className="mono">
              {grouped(anchor.fingerprint)}
            </span>,
          ],
          [t('certificate.issuer'), anchor.issuer],
          [t('trust.valid'), `${showInstant(anchor.notBefore)} – ${showInstant(anchor.notAfter)}`],
        ]}
      />
    </div>
  );
}

/** Groups of four, as people compare them. */
const grouped = (fingerprint: string): string => fingerprint.toUpperCase().replace(/(.{4})(?=.)/g, '$1 ');
const plain = (typed: string): string => typed.toLowerCase().replaceAll(/[\s:]/g, '');

function OfferDialog({
  offered,
  onClose,
}: {
  readonly offered: readonly OfferedAnchor[];
  readonly onClose: () => void;
}) {
  const t = useMessages();
  return (
    <Modal
      opened
      size={720}
      onClose={onClose}
      title={t('trust.offer-title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      transitionProps={{ duration: 0 }}
    >
      <Stack gap="lg">
        {offered.map((anchor) => (
          <Offer key={anchor.fingerprint} anchor={anchor} onDone={onClose} />
        ))}
      </Stack>
    </Modal>
  );
}

function Offer({ anchor, onDone }: { readonly anchor: OfferedAnchor; readonly onDone: () => void }) {
  const t = useMessages();
  const say = useSaid();
  const accept = useAction('trust.accept');
  const [typed, setTyped] = useState('');
  const matches = anchor.accept === 'known' || plain(typed) === anchor.fingerprint;
  const trust = (purpose: Purpose) =>
    accept.mutate(
      { fingerprint: anchor.fingerprint, purpose, typed },
      {
        onSuccess: () => {
          notifyDone(t('trust.accepted'));
          onDone();
        },
        onError: notifyError,
      },
    );
  return (
    <section aria-label={anchor.name} data-offer={anchor.accept}>
      <Stack gap="xs">
        <AnchorFacts anchor={anchor} />
        {anchor.error && <Notice tone="bad">{say(anchor.error)}</Notice>}
        {anchor.accept === 'known' && anchor.knownAs && (
          <Notice tone="warn" title={t('trust.known', { name: anchor.knownAs })}>
            {t('trust.known-note')}
          </Notice>
        )}
        {anchor.accept === 'typed' && (
          <>
            <Notice tone="warn">{t('trust.typed')}</Notice>
            <TextInput
              size="xs"
              label={t('trust.type-label')}
              value={typed}
              spellCheck={false}
              autoComplete="off"
              error={typed !== '' && !matches ? t('trust.type-wrong') : null}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          </>
        )}
        {anchor.accept !== 'refused' && (
          <Group gap="xs">
            <Button
              size="xs"
              disabled={!matches}
              loading={accept.isPending}
              onClick={() => trust('signature')}
            >
              {t('trust.accept-signature')}
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={!matches}
              loading={accept.isPending}
              onClick={() => trust('timestamp')}
            >
              {t('trust.accept-timestamp')}
            </Button>
          </Group>
        )}
      </Stack>
    </section>
  );
}

function RemoveDialog({ anchor, onClose }: { readonly anchor: Stored; readonly onClose: () => void }) {
  const t = useMessages();
  const remove = useAction('trust.remove');
  return (
    <ReasonDialog
      title={t('trust.remove-title')}
      confirmLabel={t('trust.remove')}
      onClose={onClose}
      onConfirm={async (reason) => {
        await remove.mutateAsync({ fingerprint: anchor.fingerprint, purpose: anchor.purpose, reason });
        notifyDone(t('trust.removed'));
      }}
    >
      <p style={{ margin: 0 }}>
        <b className="isolated-text">{anchor.name}</b>
        <br />
        {t('trust.remove-text')}
      </p>
    </ReasonDialog>
  );
}
