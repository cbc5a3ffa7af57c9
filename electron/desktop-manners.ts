import { app } from 'electron';
import type { MachineSettings } from '../core/shared/machine-settings.ts';
import type { ShellPreferences } from './channels.ts';

/** As in electron-builder.yml: Windows groups windows and shows notifications by it. */
const appId = 'vn.anthu.desktop';

type Policy = MachineSettings['policy'];

/** Windows tells whether the program starts with the session only to who names the words with which it was entered. */
const sessionStart = { args: ['--hidden'] };

/** What the desktop has to know before the first window: the app's id, and a start with the session where that is fixed. */
export function settleIntoDesktop(policy: Policy): void {
  app.setAppUserModelId(appId);
  if (policy.startWithSystem !== undefined) startWithSystem(policy.startWithSystem);
}

/** What the settings screen shows of the shell's own choices. */
export function shellPreferences(policy: Policy): ShellPreferences {
  return {
    // Linux desktops have no such list.
    startWithSystem: process.platform === 'linux' ? null : app.getLoginItemSettings(sessionStart).openAtLogin,
    startIsFixed: policy.startWithSystem !== undefined,
    updates: policy.updates,
  };
}

/** The person's choice, unless the administrator has made it. */
export function chooseStart(openAtLogin: boolean, policy: Policy): ShellPreferences {
  if (policy.startWithSystem === undefined) startWithSystem(openAtLogin);
  return shellPreferences(policy);
}

function startWithSystem(openAtLogin: boolean): void {
  if (process.platform !== 'linux') app.setLoginItemSettings({ openAtLogin, ...sessionStart });
}
