import { describe, expect, it } from 'vitest';
import { defaultDataFolder } from './data-folder.ts';
import { machineSettingsPath, readMachineSettings, type MachineHost } from './machine-settings.ts';

const path = 'D:\\ProgramData\\An Thu\\machine.json';

function machine(settings: unknown, env: Readonly<Record<string, string>> = {}): MachineHost {
  return {
    platform: 'win32',
    env: { PROGRAMDATA: 'D:\\ProgramData', ...env },
    read: (asked) => {
      if (settings === undefined || asked !== path)
        throw Object.assign(new Error('none'), { code: 'ENOENT' });
      return typeof settings === 'string' ? settings : JSON.stringify(settings);
    },
  };
}

describe('the machine’s settings', () => {
  it('lie where each system keeps what is for all users', () => {
    expect(machineSettingsPath(machine({}))).toBe(path);
    expect(machineSettingsPath({ platform: 'linux', env: {} })).toBe('/etc/an-thu/machine.json');
  });

  it('are the defaults where nobody set anything', () => {
    expect(readMachineSettings(machine(undefined))).toEqual({
      policy: { notifications: true, updates: 'bundle' },
    });
  });

  it('name the data folder with the person’s variables in it', () => {
    const host = machine({ dataFolder: 'D:\\An Thu\\%USERNAME%' }, { USERNAME: 'lan' });
    const settings = readMachineSettings(host);
    expect(defaultDataFolder({ ...host, home: 'C:\\Users\\lan' }, settings)).toBe('D:\\An Thu\\lan');
    const own = { ...host, env: { ...host.env, AN_THU_DATA: 'E:\\rieng' }, home: '' };
    expect(defaultDataFolder(own, settings)).toBe('E:\\rieng');
  });

  it('are read past the mark that Windows’ editors leave', () => {
    expect(readMachineSettings(machine('\ufeff{"policy":{"updates":"off"}}')).policy.updates).toBe('off');
  });

  it.each([
    ['broken JSON', '{'],
    ['a policy of another name', { policy: { update: 'off' } }],
    ['a library to load', { modules: ['C:\\evil.dll'] }],
    ['a feed without TLS', { policy: { updates: 'feed', updateFeed: 'http://feed.example/' } }],
    ['a variable that is not set', { dataFolder: 'D:\\%NOBODY%' }],
  ])('are refused with the reason, never skipped: %s', (_name, settings) => {
    expect(() => readMachineSettings(machine(settings))).toThrow(
      expect.objectContaining({ code: 'general.machine-settings' }) as Error,
    );
  });

  it('that may not be read are no reason to go on without them', () => {
    const host: MachineHost = {
      ...machine({}),
      read: () => {
        throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
      },
    };
    expect(() => readMachineSettings(host)).toThrow(
      expect.objectContaining({ code: 'general.machine-settings' }) as Error,
    );
  });
});
