/** Style sheets are bundled beside the script; there is nothing to import from them. */
declare module '*.css';
