// What importing a style sheet gives: the names of its classes, if it is a module.

declare module "*.css" {
  const classes: Readonly<Record<string, string>>;
  export default classes;
}
