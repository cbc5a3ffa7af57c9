import { expect, test } from 'vitest';
import { createFakeBridge } from '../testing/fake-bridge.ts';
import { createClient } from './client.ts';
import { EngineError } from './engine-error.ts';

const value = { code: 'register.duplicate', message: 'Văn bản có thể trùng.', detail: { number: 12 } };

test('an error of the engine arrives as the value it was, also through Electron’s own words', async () => {
  const { bridge } = createFakeBridge({
    'register.get': () => {
      throw new Error(`Error invoking remote method 'call': Error: ${JSON.stringify(value)}`);
    },
  });
  const error = await createClient(bridge)
    .call('register.get', { id: 'x' })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(EngineError);
  expect((error as EngineError).value).toEqual(value);
});

test('input that the contract does not know never leaves the page', async () => {
  const { bridge, calls } = createFakeBridge();
  await expect(createClient(bridge).call('register.get', { id: '' })).rejects.toBeInstanceOf(EngineError);
  expect(calls).toEqual([]);
});

test('an answer that the contract does not know is an error, not data', async () => {
  const { bridge } = createFakeBridge({ 'register.registers': () => ({ registers: [{ id: 1 }] }) });
  await expect(createClient(bridge).call('register.registers', {})).rejects.toBeInstanceOf(EngineError);
});

test('events are parsed and unknown ones dropped', () => {
  const { bridge, emit } = createFakeBridge();
  const seen: unknown[] = [];
  const stop = createClient(bridge).onEvent((event) => seen.push(event));
  emit('document.changed', { id: 'd1' });
  emit('document.changed', { wrong: true });
  emit('unknown', {});
  stop();
  emit('document.changed', { id: 'd2' });
  expect(seen).toEqual([{ name: 'document.changed', value: { id: 'd1' } }]);
});
