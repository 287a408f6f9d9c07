/** The application menu. Must not know what its commands do. */
import { Menu, type MenuItemConstructorOptions } from 'electron';

export interface MenuCommands {
  openCapture(): void;
}

/** Installs the menu. */
export function installMenu(commands: MenuCommands, platform: NodeJS.Platform = process.platform): void {
  const file: MenuItemConstructorOptions = {
    label: 'File',
    submenu: [
      { id: 'open-capture', label: 'Open Capture…', accelerator: 'CmdOrCtrl+O', click: () => commands.openCapture() },
      { type: 'separator' },
      { role: platform === 'darwin' ? 'close' : 'quit' },
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      { role: 'reload' },
      { role: 'toggleDevTools' },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  };
  const template: MenuItemConstructorOptions[] = [file, { role: 'editMenu' }, view, { role: 'windowMenu' }];
  Menu.setApplicationMenu(Menu.buildFromTemplate(platform === 'darwin' ? [{ role: 'appMenu' }, ...template] : template));
}
