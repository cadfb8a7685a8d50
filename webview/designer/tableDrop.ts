import { maximumDroppedCharacters } from '../../engine/protocol/views.ts';
import { t } from '../kit/language.ts';
import { isEditable, lockReason, type Designer } from './state.ts';

/** Kinds of data that VS Code's explorer and other programs give with a dragged file. */
const addressKinds = ['application/vnd.code.uri-list', 'text/uri-list'];
const isTable = (name: string) => /\.(csv|tsv|txt)$/i.test(name);

/** Takes a table that is dropped anywhere on the designer. `dragging` hears whether one is held over it. */
export function listenToTables(designer: Designer, dragging: (isOver: boolean) => void): void {
  const { store, host, announce } = designer;
  const carriesFile = ({ dataTransfer }: DragEvent) =>
    dataTransfer?.types.some(type => type === 'Files' || addressKinds.includes(type)) ?? false;

  window.addEventListener('dragover', event => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    dragging(true);
  });
  window.addEventListener('dragleave', event => {
    if (!event.relatedTarget) dragging(false);
  });
  window.addEventListener('drop', event => {
    dragging(false);
    if (!carriesFile(event)) return;
    event.preventDefault();
    if (!isEditable(store.state)) {
      announce(lockReason(store.state) ?? '');
      return;
    }
    const address = droppedAddress(event);
    const file = [...(event.dataTransfer?.files ?? [])].find(({ name }) => isTable(name));
    if (address !== undefined) void host.dropTable.asEvent(address);
    else if (!file) announce(t('Only a table can be dropped here: a file that ends in .csv, .tsv or .txt.'));
    else if (file.size > maximumDroppedCharacters)
      announce(t('{0} is too large to be dropped. Put it beside the model, and choose it there.', file.name));
    else void file.text().then(text => host.dropTableText.asEvent(file.name, text));
  });
}

/** The address of the first table among what was dropped. */
export function droppedAddress({ dataTransfer }: Pick<DragEvent, 'dataTransfer'>): string | undefined {
  return addressKinds
    .flatMap(kind => (dataTransfer?.getData(kind) ?? '').split(/\r?\n/))
    .find(address => address !== '' && !address.startsWith('#') && isTable(address.replace(/[?#].*$/, '')));
}
