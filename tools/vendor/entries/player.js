// The controls of media-chrome, speaking the language of the page.
import "./player-language.js";
import "media-chrome";
import "media-chrome/menu";
