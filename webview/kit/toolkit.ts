/** The only place that knows the form-control library; see docs/adr/0002-form-controls.md. */
import {
  Dropdown,
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';

/** A dropdown takes letters to search its options, but a shortcut such as Ctrl+S is no letter. */
const select = Object.getPrototypeOf(Dropdown.prototype) as Dropdown;
Dropdown.prototype.keydownHandler = function (this: Dropdown, event: KeyboardEvent): true | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  return select.keydownHandler.call(this, event) === true ? true : undefined;
};

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeTextField(),
);
