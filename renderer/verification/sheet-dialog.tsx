import { Button, Modal } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { useEffect, useState } from 'react';
import type { ProcedureInput } from '../../core/contract/procedures.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { PageCanvas } from '../pages/page-canvas.tsx';
import { openPdf } from '../pages/pdf-library.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Loading } from '../ui/loading.tsx';
import './compare.css';

interface Props {
  readonly of: ProcedureInput<'verification.sheet'>;
  readonly onClose: () => void;
}

const width = 720;

/** The printable sheet "Phiếu kiểm tra chữ ký số", to be read and printed. */
export function SheetDialog({ of, onClose }: Props) {
  const t = useMessages();
  const sheet = useProcedure('verification.sheet', of);
  const pdf = useSheet(sheet.data?.pdf);
  return (
    <Modal
      opened
      size={820}
      onClose={onClose}
      title={t('sheet.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      transitionProps={{ duration: 0 }}
    >
      {sheet.error && <ErrorNotice error={sheet.error} />}
      {!sheet.error && !pdf && <Loading />}
      {pdf && (
        <>
          <div className="sheet-tools" style={{ marginBottom: 8 }}>
            <Button
              size="xs"
              data-autofocus
              leftSection={<IconPrinter size={15} aria-hidden />}
              onClick={printSheet}
            >
              {t('sheet.print')}
            </Button>
          </div>
          <div className="sheet-pages" tabIndex={0} role="region" aria-label={t('sheet.title')} data-sheet>
            {Array.from({ length: pdf.numPages }, (_, page) => (
              <PageCanvas key={page} pdf={pdf} page={page} width={width} onDrawn={() => undefined} />
            ))}
          </div>
        </>
      )}
    </Modal>
  );
}

/** Prints what the dialog shows and nothing of the window behind it. */
function printSheet(): void {
  document.body.classList.add('printing-sheet');
  try {
    window.print();
  } finally {
    document.body.classList.remove('printing-sheet');
  }
}

function useSheet(base64: string | undefined): PDFDocumentProxy | undefined {
  const [pdf, setPdf] = useState<PDFDocumentProxy>();
  useEffect(() => {
    if (base64 === undefined) return undefined;
    let gone = false;
    const task = openPdf(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
    const open = async (): Promise<void> => {
      const opened = await task.promise;
      if (!gone) setPdf(opened);
    };
    open().catch(() => undefined);
    return () => {
      gone = true;
      void task.destroy();
    };
  }, [base64]);
  return pdf;
}
