/** Files dropped anywhere on the window become imports. Must not know what they hold. */
import { actions, useUi } from '../state/index.ts';

/** Listens for drags of files until the returned function is called. */
export function listenToDrops(): () => void {
  let depth = 0;
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  const enter = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth++;
    useUi.setState({ dropping: true });
  };
  const over = (event: DragEvent): void => {
    if (hasFiles(event)) event.preventDefault();
  };
  const leave = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    depth = Math.max(0, depth - 1);
    if (depth === 0) useUi.setState({ dropping: false });
  };
  const drop = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    // In Electron the preload script has told the paths already; only a browser's files must come up as bytes.
    const taken = event.defaultPrevented;
    event.preventDefault();
    depth = 0;
    useUi.setState({ dropping: false });
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0 && !taken) actions().importFiles(files, null);
  };
  window.addEventListener('dragenter', enter);
  window.addEventListener('dragover', over);
  window.addEventListener('dragleave', leave);
  window.addEventListener('drop', drop);
  return () => {
    window.removeEventListener('dragenter', enter);
    window.removeEventListener('dragover', over);
    window.removeEventListener('dragleave', leave);
    window.removeEventListener('drop', drop);
  };
}
