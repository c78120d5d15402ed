// Set before the elements are defined: they read the language as they are made.
import { addTranslation, setLanguage } from "media-chrome/dist/utils/i18n.js";
import { Vi } from "./player-vi.js";

addTranslation("vi", Vi);
setLanguage(document.documentElement.lang || "vi");
