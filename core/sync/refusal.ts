import { AnThuError } from '../shared/errors.ts';

/** What a refusal of the province (docs/provincial-protocol.md) means here, whichever way it came. */
export function refusalError(refusal: {
  readonly operationId: string;
  readonly status: number;
  readonly code: string;
  readonly message: string;
}): AnThuError {
  const { operationId, status, code, message } = refusal;
  if (status === 409)
    return new AnThuError('sync.conflict', { operationId, serverCode: code, reason: message });
  return new AnThuError('sync.refused', { status, serverCode: code, reason: message });
}
