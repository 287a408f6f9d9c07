export * from './button.tsx';
export * from './icon.tsx';
export * from './modal.tsx';
export * from './virtual-list.tsx';
