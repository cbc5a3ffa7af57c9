import type { IntakeItem } from '../../core/contract/intake.ts';
import type { PageBox } from '../../core/contract/reading.ts';
import { RegisterPanel } from './register-panel.tsx';
import { StatePanel } from './state-panel.tsx';

interface Props {
  readonly item: IntakeItem;
  readonly onBox: (box: PageBox | undefined) => void;
  readonly onDone: () => void;
}

/** Right column: the form while the file waits to be registered, else what happened to it. */
export function ReceivedSide({ item, onBox, onDone }: Props) {
  if (item.state === 'proposed') {
    return <RegisterPanel key={item.id} item={item} onBox={onBox} onDone={onDone} />;
  }
  return <StatePanel item={item} onDone={onDone} />;
}
