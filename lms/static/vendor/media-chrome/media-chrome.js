var Rl={"Start airplay":"Start airplay","Stop airplay":"Stop airplay",Audio:"Audio",Captions:"Captions","Enable captions":"Enable captions","Disable captions":"Disable captions","Start casting":"Start casting","Stop casting":"Stop casting","Enter fullscreen mode":"Enter fullscreen mode","Exit fullscreen mode":"Exit fullscreen mode",Mute:"Mute",Unmute:"Unmute",Loop:"Loop","Enter picture in picture mode":"Enter picture in picture mode","Exit picture in picture mode":"Exit picture in picture mode",Play:"Play",Pause:"Pause","Playback rate":"Playback rate","Playback rate {playbackRate}":"Playback rate {playbackRate}",Quality:"Quality","Seek backward":"Seek backward","Seek forward":"Seek forward",Settings:"Settings",Auto:"Auto","audio player":"audio player","video player":"video player",volume:"volume",seek:"seek","closed captions":"closed captions","current playback rate":"current playback rate","playback time":"playback time","media loading":"media loading",settings:"settings","audio tracks":"audio tracks",quality:"quality",play:"play",pause:"pause",mute:"mute",unmute:"unmute","chapter: {chapterName}":"chapter: {chapterName}",live:"live",Off:"Off","start airplay":"start airplay","stop airplay":"stop airplay","start casting":"start casting","stop casting":"stop casting","enter fullscreen mode":"enter fullscreen mode","exit fullscreen mode":"exit fullscreen mode","enter picture in picture mode":"enter picture in picture mode","exit picture in picture mode":"exit picture in picture mode","seek to live":"seek to live","playing live":"playing live","seek back {seekOffset} seconds":"seek back {seekOffset} seconds","seek forward {seekOffset} seconds":"seek forward {seekOffset} seconds","Network Error":"Network Error","Decode Error":"Decode Error","Source Not Supported":"Source Not Supported","Encryption Error":"Encryption Error","A network error caused the media download to fail.":"A network error caused the media download to fail.","A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.":"A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.","An unsupported error occurred. The server or network failed, or your browser does not support this format.":"An unsupported error occurred. The server or network failed, or your browser does not support this format.","The media is encrypted and there are no keys to decrypt it.":"The media is encrypted and there are no keys to decrypt it.",hour:"hour",hours:"hours",minute:"minute",minutes:"minutes",second:"second",seconds:"seconds","{time} remaining":"{time} remaining","{currentTime} of {totalTime}":"{currentTime} of {totalTime}","video not loaded, unknown time.":"video not loaded, unknown time."};var Dl,ze={en:Rl},Ze=((Dl=globalThis.navigator)==null?void 0:Dl.language)||"en",ja=e=>{Ze=e},xl=(e,t)=>{ze[e]=t},lu=e=>{var t,i,a;let[r]=Ze.split("-");return((t=ze[Ze])==null?void 0:t[e])||((i=ze[r])==null?void 0:i[e])||((a=ze.en)==null?void 0:a[e])||e},Ol=()=>{let[e]=Ze.split("-");return ze[Ze]?Ze:ze[e]?e:"en"},u=(e,t={})=>lu(e).replace(/\{(\w+)\}/g,(i,a)=>a in t?String(t[a]):`{${a}}`);var Ul={Captions:"Ph\u1EE5 \u0111\u1EC1","Enable captions":"B\u1EADt ph\u1EE5 \u0111\u1EC1","Disable captions":"T\u1EAFt ph\u1EE5 \u0111\u1EC1","Enter fullscreen mode":"To\xE0n m\xE0n h\xECnh","Exit fullscreen mode":"Tho\xE1t to\xE0n m\xE0n h\xECnh",Mute:"T\u1EAFt ti\u1EBFng",Unmute:"B\u1EADt ti\u1EBFng",Loop:"Ph\xE1t l\u1EB7p l\u1EA1i","Enter picture in picture mode":"C\u1EEDa s\u1ED5 nh\u1ECF","Exit picture in picture mode":"Tho\xE1t c\u1EEDa s\u1ED5 nh\u1ECF",Play:"Ph\xE1t",Pause:"T\u1EA1m d\u1EEBng","Playback rate":"T\u1ED1c \u0111\u1ED9","Playback rate {playbackRate}":"T\u1ED1c \u0111\u1ED9 {playbackRate}",Quality:"Ch\u1EA5t l\u01B0\u1EE3ng","Seek backward":"L\xF9i l\u1EA1i","Seek forward":"Tua t\u1EDBi",Settings:"C\xE0i \u0111\u1EB7t",Auto:"T\u1EF1 \u0111\u1ED9ng","audio player":"tr\xECnh ph\xE1t \xE2m thanh","video player":"tr\xECnh ph\xE1t video",volume:"\xE2m l\u01B0\u1EE3ng",seek:"v\u1ECB tr\xED ph\xE1t","closed captions":"ph\u1EE5 \u0111\u1EC1","current playback rate":"t\u1ED1c \u0111\u1ED9 hi\u1EC7n t\u1EA1i","playback time":"th\u1EDDi gian ph\xE1t","media loading":"\u0111ang t\u1EA3i",settings:"c\xE0i \u0111\u1EB7t",quality:"ch\u1EA5t l\u01B0\u1EE3ng",play:"ph\xE1t",pause:"t\u1EA1m d\u1EEBng",mute:"t\u1EAFt ti\u1EBFng",unmute:"b\u1EADt ti\u1EBFng",Off:"T\u1EAFt","enter fullscreen mode":"to\xE0n m\xE0n h\xECnh","exit fullscreen mode":"tho\xE1t to\xE0n m\xE0n h\xECnh","enter picture in picture mode":"c\u1EEDa s\u1ED5 nh\u1ECF","exit picture in picture mode":"tho\xE1t c\u1EEDa s\u1ED5 nh\u1ECF","seek back {seekOffset} seconds":"l\xF9i {seekOffset} gi\xE2y","seek forward {seekOffset} seconds":"tua t\u1EDBi {seekOffset} gi\xE2y","Network Error":"L\u1ED7i m\u1EA1ng","Decode Error":"L\u1ED7i gi\u1EA3i m\xE3","Source Not Supported":"M\xE1y kh\xF4ng ph\xE1t \u0111\u01B0\u1EE3c t\u1EC7p n\xE0y","A network error caused the media download to fail.":"M\u1EA1ng b\u1ECB gi\xE1n \u0111o\u1EA1n n\xEAn ch\u01B0a t\u1EA3i \u0111\u01B0\u1EE3c video.","A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.":"Video d\u1EEBng v\xEC l\u1ED7i. T\u1EC7p c\xF3 th\u1EC3 h\u1ECFng, ho\u1EB7c tr\xECnh duy\u1EC7t kh\xF4ng \u0111\u1ECDc \u0111\u01B0\u1EE3c \u0111\u1ECBnh d\u1EA1ng n\xE0y.","An unsupported error occurred. The server or network failed, or your browser does not support this format.":"Ch\u01B0a ph\xE1t \u0111\u01B0\u1EE3c. M\xE1y ch\u1EE7 ho\u1EB7c m\u1EA1ng g\u1EB7p l\u1ED7i, ho\u1EB7c tr\xECnh duy\u1EC7t kh\xF4ng \u0111\u1ECDc \u0111\u01B0\u1EE3c \u0111\u1ECBnh d\u1EA1ng n\xE0y.",hour:"gi\u1EDD",hours:"gi\u1EDD",minute:"ph\xFAt",minutes:"ph\xFAt",second:"gi\xE2y",seconds:"gi\xE2y","{time} remaining":"c\xF2n {time}","{currentTime} of {totalTime}":"{currentTime} tr\xEAn {totalTime}","video not loaded, unknown time.":"ch\u01B0a t\u1EA3i video, ch\u01B0a bi\u1EBFt th\u1EDDi l\u01B0\u1EE3ng."};xl("vi",Ul);ja(document.documentElement.lang||"vi");var h={MEDIA_PLAY_REQUEST:"mediaplayrequest",MEDIA_PAUSE_REQUEST:"mediapauserequest",MEDIA_MUTE_REQUEST:"mediamuterequest",MEDIA_UNMUTE_REQUEST:"mediaunmuterequest",MEDIA_LOOP_REQUEST:"medialooprequest",MEDIA_VOLUME_REQUEST:"mediavolumerequest",MEDIA_SEEK_REQUEST:"mediaseekrequest",MEDIA_AIRPLAY_REQUEST:"mediaairplayrequest",MEDIA_ENTER_FULLSCREEN_REQUEST:"mediaenterfullscreenrequest",MEDIA_EXIT_FULLSCREEN_REQUEST:"mediaexitfullscreenrequest",MEDIA_PREVIEW_REQUEST:"mediapreviewrequest",MEDIA_ENTER_PIP_REQUEST:"mediaenterpiprequest",MEDIA_EXIT_PIP_REQUEST:"mediaexitpiprequest",MEDIA_ENTER_CAST_REQUEST:"mediaentercastrequest",MEDIA_EXIT_CAST_REQUEST:"mediaexitcastrequest",MEDIA_SHOW_TEXT_TRACKS_REQUEST:"mediashowtexttracksrequest",MEDIA_HIDE_TEXT_TRACKS_REQUEST:"mediahidetexttracksrequest",MEDIA_SHOW_SUBTITLES_REQUEST:"mediashowsubtitlesrequest",MEDIA_DISABLE_SUBTITLES_REQUEST:"mediadisablesubtitlesrequest",MEDIA_TOGGLE_SUBTITLES_REQUEST:"mediatogglesubtitlesrequest",MEDIA_PLAYBACK_RATE_REQUEST:"mediaplaybackraterequest",MEDIA_RENDITION_REQUEST:"mediarenditionrequest",MEDIA_AUDIO_TRACK_REQUEST:"mediaaudiotrackrequest",MEDIA_SEEK_TO_LIVE_REQUEST:"mediaseektoliverequest",REGISTER_MEDIA_STATE_RECEIVER:"registermediastatereceiver",UNREGISTER_MEDIA_STATE_RECEIVER:"unregistermediastatereceiver"},M={MEDIA_CHROME_ATTRIBUTES:"mediachromeattributes",MEDIA_CONTROLLER:"mediacontroller"},cs={MEDIA_AIRPLAY_UNAVAILABLE:"mediaAirplayUnavailable",MEDIA_AUDIO_TRACK_ENABLED:"mediaAudioTrackEnabled",MEDIA_AUDIO_TRACK_LIST:"mediaAudioTrackList",MEDIA_AUDIO_TRACK_UNAVAILABLE:"mediaAudioTrackUnavailable",MEDIA_BUFFERED:"mediaBuffered",MEDIA_CAST_UNAVAILABLE:"mediaCastUnavailable",MEDIA_CHAPTERS_CUES:"mediaChaptersCues",MEDIA_CURRENT_TIME:"mediaCurrentTime",MEDIA_DURATION:"mediaDuration",MEDIA_ENDED:"mediaEnded",MEDIA_ERROR:"mediaError",MEDIA_ERROR_CODE:"mediaErrorCode",MEDIA_ERROR_MESSAGE:"mediaErrorMessage",MEDIA_FULLSCREEN_UNAVAILABLE:"mediaFullscreenUnavailable",MEDIA_HAS_PLAYED:"mediaHasPlayed",MEDIA_HEIGHT:"mediaHeight",MEDIA_IS_AIRPLAYING:"mediaIsAirplaying",MEDIA_IS_CASTING:"mediaIsCasting",MEDIA_IS_FULLSCREEN:"mediaIsFullscreen",MEDIA_IS_PIP:"mediaIsPip",MEDIA_LOADING:"mediaLoading",MEDIA_MUTED:"mediaMuted",MEDIA_LOOP:"mediaLoop",MEDIA_PAUSED:"mediaPaused",MEDIA_PIP_UNAVAILABLE:"mediaPipUnavailable",MEDIA_PLAYBACK_RATE:"mediaPlaybackRate",MEDIA_PREVIEW_CHAPTER:"mediaPreviewChapter",MEDIA_PREVIEW_COORDS:"mediaPreviewCoords",MEDIA_PREVIEW_IMAGE:"mediaPreviewImage",MEDIA_PREVIEW_TIME:"mediaPreviewTime",MEDIA_RENDITION_LIST:"mediaRenditionList",MEDIA_RENDITION_SELECTED:"mediaRenditionSelected",MEDIA_RENDITION_UNAVAILABLE:"mediaRenditionUnavailable",MEDIA_SEEKABLE:"mediaSeekable",MEDIA_STREAM_TYPE:"mediaStreamType",MEDIA_SUBTITLES_LIST:"mediaSubtitlesList",MEDIA_SUBTITLES_SHOWING:"mediaSubtitlesShowing",MEDIA_TARGET_LIVE_WINDOW:"mediaTargetLiveWindow",MEDIA_TIME_IS_LIVE:"mediaTimeIsLive",MEDIA_VOLUME:"mediaVolume",MEDIA_VOLUME_LEVEL:"mediaVolumeLevel",MEDIA_VOLUME_UNAVAILABLE:"mediaVolumeUnavailable",MEDIA_LANG:"mediaLang",MEDIA_WIDTH:"mediaWidth"},Pl=Object.entries(cs),o=Pl.reduce((e,[t,i])=>(e[t]=i.toLowerCase(),e),{}),du={USER_INACTIVE_CHANGE:"userinactivechange",BREAKPOINTS_CHANGE:"breakpointchange",BREAKPOINTS_COMPUTED:"breakpointscomputed"},Ie=Pl.reduce((e,[t,i])=>(e[t]=i.toLowerCase(),e),{...du}),Sp=Object.entries(Ie).reduce((e,[t,i])=>{let a=o[t];return a&&(e[i]=a),e},{userinactivechange:"userinactive"}),Nl=Object.entries(o).reduce((e,[t,i])=>{let a=Ie[t];return a&&(e[i]=a),e},{userinactive:"userinactivechange"}),st={SUBTITLES:"subtitles",CAPTIONS:"captions",DESCRIPTIONS:"descriptions",CHAPTERS:"chapters",METADATA:"metadata"},le={DISABLED:"disabled",HIDDEN:"hidden",SHOWING:"showing"};var tr={MOUSE:"mouse",PEN:"pen",TOUCH:"touch"},nt={UNAVAILABLE:"unavailable",UNSUPPORTED:"unsupported"},ut={LIVE:"live",ON_DEMAND:"on-demand",UNKNOWN:"unknown"};var Hl={INLINE:"inline",FULLSCREEN:"fullscreen",PICTURE_IN_PICTURE:"picture-in-picture"};function Bl(e){return e?.map(uu).join(" ")}function Wl(e){return e?.split(/\s+/).map(hu)}function uu(e){if(e){let{id:t,width:i,height:a}=e;return[t,i,a].filter(r=>r!=null).join(":")}}function hu(e){if(e){let[t,i,a]=e.split(":");return{id:t,width:+i,height:+a}}}function $l(e){return e?.map(mu).join(" ")}function Fl(e){return e?.split(/\s+/).map(pu)}function mu(e){if(e){let{id:t,kind:i,language:a,label:r}=e;return[t,i,a,r].filter(s=>s!=null).join(":")}}function pu(e){if(e){let[t,i,a,r]=e.split(":");return{id:t,kind:i,language:a,label:r}}}function Xe(e){return typeof e=="number"&&!Number.isNaN(e)&&Number.isFinite(e)}var er=e=>new Promise(t=>setTimeout(t,e));var Eu={"&":"&amp;","<":"&lt;",">":"&gt;",'"':"&quot;","'":"&#39;"};function ir(e){return String(e).replace(/[&<>"']/g,t=>Eu[t])}var Vl=[{singular:"hour",plural:"hours"},{singular:"minute",plural:"minutes"},{singular:"second",plural:"seconds"}],Kl=(e,t)=>{let i=e===1?u(Vl[t].singular):u(Vl[t].plural);return`${e} ${i}`},ye=e=>{if(!Xe(e))return"";let t=Math.abs(e),i=t!==e,a=new Date(0,0,0,0,0,t,0),s=[a.getHours(),a.getMinutes(),a.getSeconds()].map((l,d)=>l&&Kl(l,d)).filter(l=>l).join(", ");return i?u("{time} remaining",{time:s}):t===0?Kl(0,2):s};function Tt(e,t){let i=!1;e<0&&(i=!0,e=0-e),e=e<0?0:e;let a=Math.floor(e%60),r=Math.floor(e/60%60),s=Math.floor(e/3600),l=Math.floor(t/60%60),d=Math.floor(t/3600);return(isNaN(e)||e===1/0)&&(s=r=a="0"),s=s>0||d>0?s+":":"",r=((s||l>=10)&&r<10?"0"+r:r)+":",a=a<10?"0"+a:a,(i?"-":"")+s+r+a}var Mp=Object.freeze({length:0,start(e){let t=e>>>0;if(t>=this.length)throw new DOMException(`Failed to execute 'start' on 'TimeRanges': The index provided (${t}) is greater than or equal to the maximum bound (${this.length}).`);return 0},end(e){let t=e>>>0;if(t>=this.length)throw new DOMException(`Failed to execute 'end' on 'TimeRanges': The index provided (${t}) is greater than or equal to the maximum bound (${this.length}).`);return 0}});var us=new WeakMap;function fu(e,t){let i=document.createElement("link");return i.id=e.id,i.media=t.media.mediaText=e.media,new MutationObserver(()=>t.media.mediaText=i.media).observe(i,{attributeFilter:["media"]}),i}function W(e,t){let i=document.createElement("template");i.innerHTML=t,i.content.querySelectorAll("template[shadowrootmode]").forEach(s=>s.remove());let a=[];i.content.querySelectorAll("style").forEach(s=>{let l=new CSSStyleSheet;l.replaceSync(s.textContent),a.push(l),s.replaceWith(...s.id?[fu(s,l)]:[])}),e.replaceChildren(document.importNode(i.content,!0));let r=new CSSStyleSheet;a.push(r),us.set(e,a),e.adoptedStyleSheets=[...e.adoptedStyleSheets,...a]}function Gl(e,t){for(let i of us.get(e)??[])for(let a of i.cssRules)if(t(a.selectorText))return a}function ql(e,t){let i=us.get(e)??[],a=i[i.length-1];return a?(a.insertRule(t+"{}",a.cssRules.length),a.cssRules[a.cssRules.length-1]):{style:{setProperty(){},removeProperty:()=>"",getPropertyValue:()=>""}}}var ar=class{addEventListener(){}removeEventListener(){}dispatchEvent(){return!0}},rr=class extends ar{},or=class extends rr{constructor(){super(...arguments),this.role=null}},hs=class{observe(){}unobserve(){}disconnect(){}},Yl={createElement:function(){return new Yi.HTMLElement},createElementNS:function(){return new Yi.HTMLElement},addEventListener(){},removeEventListener(){},dispatchEvent(e){return!1}},Yi={ResizeObserver:hs,document:Yl,Node:rr,Element:or,HTMLElement:class extends or{constructor(){super(...arguments),this.innerHTML=""}get content(){return new Yi.DocumentFragment}},DocumentFragment:class extends ar{},customElements:{get:function(){},define:function(){},whenDefined:function(){}},localStorage:{getItem(e){return null},setItem(e,t){},removeItem(e){}},CustomEvent:function(){},getComputedStyle:function(){},navigator:{languages:[],get userAgent(){return""}},matchMedia(e){return{matches:!1,media:e}},DOMParser:class{parseFromString(t,i){return{body:{textContent:t}}}}},Ql="global"in globalThis&&globalThis?.global===globalThis||typeof window>"u"||typeof window.customElements>"u",zl=Object.keys(Yi).every(e=>e in globalThis),n=Ql&&!zl?Yi:globalThis,F=Ql&&!zl?Yl:globalThis.document;var Zl=new WeakMap,ms=e=>{let t=Zl.get(e);return t||Zl.set(e,t=new Set),t},Xl=new n.ResizeObserver(e=>{for(let t of e)for(let i of ms(t.target))i(t)});function jt(e,t){ms(e).add(t),Xl.observe(e)}function te(e,t){let i=ms(e);i.delete(t),i.size||Xl.unobserve(e)}function $(e){let t={};for(let i of e)t[i.name]=i.value;return t}function H(e){var t;return(t=sr(e))!=null?t:Rt(e,"media-controller")}function sr(e){var t;let{MEDIA_CONTROLLER:i}=M,a=e.getAttribute(i);if(a)return(t=Me(e))==null?void 0:t.getElementById(a)}var nr=(e,t,i=".value")=>{let a=e.querySelector(i);a&&(a.textContent=t)},gu=(e,t)=>{let i=`slot[name="${t}"]`,a=e.shadowRoot.querySelector(i);return a?a.children:[]},lr=(e,t)=>gu(e,t)[0],at=(e,t)=>!e||!t?!1:e?.contains(t)?!0:at(e,t.getRootNode().host),Rt=(e,t)=>{if(!e)return null;let i=e.closest(t);return i||Rt(e.getRootNode().host,t)};function Qi(e=document){var t;let i=e?.activeElement;return i?(t=Qi(i.shadowRoot))!=null?t:i:null}function Me(e){var t;let i=(t=e?.getRootNode)==null?void 0:t.call(e);return i instanceof ShadowRoot||i instanceof Document?i:null}function dr(e,{depth:t=3,checkOpacity:i=!0,checkVisibilityCSS:a=!0}={}){if(e.checkVisibility)return e.checkVisibility({checkOpacity:i,checkVisibilityCSS:a});let r=e;for(;r&&t>0;){let s=getComputedStyle(r);if(i&&s.opacity==="0"||a&&s.visibility==="hidden"||s.display==="none")return!1;r=r.parentElement,t--}return!0}function Jl(e,t,i,a){let r=a.x-i.x,s=a.y-i.y,l=r*r+s*s;if(l===0)return 0;let d=((e-i.x)*r+(t-i.y)*s)/l;return Math.max(0,Math.min(1,d))}function B(e,t){let i=_u(e,a=>a===t);return i||zi(e,t)}function _u(e,t){return Gl(e,t)}function zi(e,t){return ql(e,t)}function w(e,t,i=Number.NaN){let a=e.getAttribute(t);return a!=null?+a:i}function R(e,t,i){let a=+i;if(i==null||Number.isNaN(a)){e.hasAttribute(t)&&e.removeAttribute(t);return}w(e,t,void 0)!==a&&e.setAttribute(t,`${a}`)}function g(e,t){return e.hasAttribute(t)}function _(e,t,i){if(i==null){e.hasAttribute(t)&&e.removeAttribute(t);return}g(e,t)!=i&&e.toggleAttribute(t,i)}function S(e,t,i=null){var a;return(a=e.getAttribute(t))!=null?a:i}function T(e,t,i){if(i==null){e.hasAttribute(t)&&e.removeAttribute(t);return}let a=`${i}`;S(e,t,void 0)!==a&&e.setAttribute(t,a)}var jl=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},St=(e,t,i)=>(jl(e,t,"read from private field"),i?i.call(e):t.get(e)),bu=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},cr=(e,t,i,a)=>(jl(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),tt;function Au(e){return`
    <style>
      :host {
        display: var(--media-control-display, var(--media-gesture-receiver-display, inline-block));
        box-sizing: border-box;
      }
    </style>
  `}var Je=class extends n.HTMLElement{constructor(){if(super(),bu(this,tt,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let t=$(this.attributes);W(this.shadowRoot,this.constructor.getTemplateHTML(t))}}static get observedAttributes(){return[M.MEDIA_CONTROLLER,o.MEDIA_PAUSED]}attributeChangedCallback(t,i,a){var r,s,l,d,c;t===M.MEDIA_CONTROLLER&&(i&&((s=(r=St(this,tt))==null?void 0:r.unassociateElement)==null||s.call(r,this),cr(this,tt,null)),a&&this.isConnected&&(cr(this,tt,(l=this.getRootNode())==null?void 0:l.getElementById(a)),(c=(d=St(this,tt))==null?void 0:d.associateElement)==null||c.call(d,this)))}connectedCallback(){var t,i;this.tabIndex=-1,this.setAttribute("aria-hidden","true"),cr(this,tt,Tu(this)),this.getAttribute(M.MEDIA_CONTROLLER)&&((i=(t=St(this,tt))==null?void 0:t.associateElement)==null||i.call(t,this)),St(this,tt)&&(St(this,tt).addEventListener("pointerdown",this),St(this,tt).addEventListener("click",this),St(this,tt).hasAttribute("tabindex")||(St(this,tt).tabIndex=0))}disconnectedCallback(){var t,i,a,r;this.getAttribute(M.MEDIA_CONTROLLER)&&((i=(t=St(this,tt))==null?void 0:t.unassociateElement)==null||i.call(t,this)),(a=St(this,tt))==null||a.removeEventListener("pointerdown",this),(r=St(this,tt))==null||r.removeEventListener("click",this),cr(this,tt,null)}handleEvent(t){var i;let a=(i=t.composedPath())==null?void 0:i[0];if(["video","media-controller"].includes(a?.localName)){if(t.type==="pointerdown")this._pointerType=t.pointerType;else if(t.type==="click"){let{clientX:s,clientY:l}=t,{left:d,top:c,width:A,height:y}=this.getBoundingClientRect(),I=s-d,f=l-c;if(I<0||f<0||I>A||f>y||A===0&&y===0)return;let p=this._pointerType||"mouse";if(this._pointerType=void 0,p===tr.TOUCH){this.handleTap(t);return}else if(p===tr.MOUSE||p===tr.PEN){this.handleMouseClick(t);return}}}}get mediaPaused(){return g(this,o.MEDIA_PAUSED)}set mediaPaused(t){_(this,o.MEDIA_PAUSED,t)}handleTap(t){}handleMouseClick(t){let i=this.mediaPaused?h.MEDIA_PLAY_REQUEST:h.MEDIA_PAUSE_REQUEST;this.dispatchEvent(new n.CustomEvent(i,{composed:!0,bubbles:!0}))}};tt=new WeakMap;Je.shadowRootOptions={mode:"open"};Je.getTemplateHTML=Au;function Tu(e){var t;let i=e.getAttribute(M.MEDIA_CONTROLLER);return i?(t=e.getRootNode())==null?void 0:t.getElementById(i):Rt(e,"media-controller")}n.customElements.get("media-gesture-receiver")||n.customElements.define("media-gesture-receiver",Je);var ur=Je;var fs=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},q=(e,t,i)=>(fs(e,t,"read from private field"),i?i.call(e):t.get(e)),rt=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},kt=(e,t,i,a)=>(fs(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),It=(e,t,i)=>(fs(e,t,"access private method"),i),Zi,pr,je,ii,ei,ps,ti,hr,Es,td,vs,ed,Xi,Er,vr,gs,ai,Ji,de,mr,b={AUDIO:"audio",AUTOHIDE:"autohide",BREAKPOINTS:"breakpoints",GESTURES_DISABLED:"gesturesdisabled",KEYBOARD_CONTROL:"keyboardcontrol",NO_AUTOHIDE:"noautohide",USER_INACTIVE:"userinactive",AUTOHIDE_OVER_CONTROLS:"autohideovercontrols"};function Su(e){return`
    <style>
      
      :host([${o.MEDIA_IS_FULLSCREEN}]) ::slotted([slot=media]) {
        outline: none;
      }

      :host {
        box-sizing: border-box;
        position: relative;
        display: inline-block;
        line-height: 0;
        background-color: var(--media-background-color, #000);
        overflow: hidden;
      }

      :host(:not([${b.AUDIO}])) [part~=layer]:not([part~=media-layer]) {
        position: absolute;
        top: 0;
        left: 0;
        bottom: 0;
        right: 0;
        display: flex;
        flex-flow: column nowrap;
        align-items: start;
        pointer-events: none;
        background: none;
      }

      slot[name=media] {
        display: var(--media-slot-display, contents);
      }

      
      :host([${b.AUDIO}]) slot[name=media] {
        display: var(--media-slot-display, none);
      }

      
      :host([${b.AUDIO}]) [part~=layer][part~=gesture-layer] {
        height: 0;
        display: block;
      }

      
      :host(:not([${b.AUDIO}])[${b.GESTURES_DISABLED}]) ::slotted([slot=gestures-chrome]),
          :host(:not([${b.AUDIO}])[${b.GESTURES_DISABLED}]) media-gesture-receiver[slot=gestures-chrome] {
        display: none;
      }

      
      ::slotted(:not([slot=media]):not([slot=poster]):not(media-loading-indicator):not([role=dialog]):not([hidden])) {
        pointer-events: auto;
      }

      :host(:not([${b.AUDIO}])) *[part~=layer][part~=centered-layer] {
        align-items: center;
        justify-content: center;
      }

      :host(:not([${b.AUDIO}])) ::slotted(media-gesture-receiver[slot=gestures-chrome]),
      :host(:not([${b.AUDIO}])) media-gesture-receiver[slot=gestures-chrome] {
        align-self: stretch;
        flex-grow: 1;
      }

      slot[name=middle-chrome] {
        display: inline;
        flex-grow: 1;
        pointer-events: none;
        background: none;
      }

      
      ::slotted([slot=media]),
      ::slotted([slot=poster]) {
        width: 100%;
        height: 100%;
      }

      
      :host(:not([${b.AUDIO}])) .spacer {
        flex-grow: 1;
      }

      
      :host(:-webkit-full-screen) {
        
        width: 100% !important;
        height: 100% !important;
      }

      
      ::slotted(:not([slot=media]):not([slot=poster]):not([${b.NO_AUTOHIDE}]):not([hidden]):not([role=dialog])) {
        opacity: 1;
        transition: var(--media-control-transition-in, opacity 0.25s);
      }

      
      :host([${b.USER_INACTIVE}]:not([${o.MEDIA_PAUSED}]):not([${o.MEDIA_IS_AIRPLAYING}]):not([${o.MEDIA_IS_CASTING}]):not([${b.AUDIO}])) ::slotted(:not([slot=media]):not([slot=poster]):not([${b.NO_AUTOHIDE}]):not([role=dialog])) {
        opacity: 0;
        transition: var(--media-control-transition-out, opacity 1s);
      }

      :host([${b.USER_INACTIVE}]:not([${b.NO_AUTOHIDE}]):not([${o.MEDIA_PAUSED}]):not([${o.MEDIA_IS_CASTING}]):not([${b.AUDIO}])) ::slotted([slot=media]) {
        cursor: none;
      }

      :host([${b.USER_INACTIVE}][${b.AUTOHIDE_OVER_CONTROLS}]:not([${b.NO_AUTOHIDE}]):not([${o.MEDIA_PAUSED}]):not([${o.MEDIA_IS_CASTING}]):not([${b.AUDIO}])) * {
        --media-cursor: none;
        cursor: none;
      }


      ::slotted(media-control-bar)  {
        align-self: stretch;
      }

      
      
      :host(:not([${b.AUDIO}])[${o.MEDIA_HAS_PLAYED}]) slot[name=poster],
      :host(:not([${b.AUDIO}])[${o.MEDIA_STREAM_TYPE}="${ut.ON_DEMAND}"][${o.MEDIA_CURRENT_TIME}]:not([${o.MEDIA_CURRENT_TIME}="0"])) slot[name=poster] {
        display: none;
      }

      ::slotted([role=dialog]) {
        width: 100%;
        height: 100%;
        align-self: center;
      }

      ::slotted([role=menu]) {
        align-self: end;
      }
    </style>

    <slot name="media" part="layer media-layer"></slot>
    <slot name="poster" part="layer poster-layer"></slot>
    <slot name="gestures-chrome" part="layer gesture-layer">
      <media-gesture-receiver slot="gestures-chrome">
        <template shadowrootmode="${ur.shadowRootOptions.mode}">
          ${ur.getTemplateHTML({})}
        </template>
      </media-gesture-receiver>
    </slot>
    <span part="layer vertical-layer">
      <slot name="top-chrome" part="top chrome"></slot>
      <slot name="middle-chrome" part="middle chrome"></slot>
      <slot name="centered-chrome" part="layer centered-layer center centered chrome"></slot>
      
      <slot part="bottom chrome"></slot>
    </span>
    <slot name="dialog" part="layer dialog-layer"></slot>
  `}var ku=Object.values(o),Iu="sm:384 md:576 lg:768 xl:960";function yu(e){id(e.target,e.contentRect.width)}function id(e,t){var i;if(!e.isConnected)return;let a=(i=e.getAttribute(b.BREAKPOINTS))!=null?i:Iu,r=Mu(a),s=Lu(r,t),l=!1;if(Object.keys(r).forEach(d=>{if(s.includes(d)){e.hasAttribute(`breakpoint${d}`)||(e.setAttribute(`breakpoint${d}`,""),l=!0);return}e.hasAttribute(`breakpoint${d}`)&&(e.removeAttribute(`breakpoint${d}`),l=!0)}),l){let d=new CustomEvent(Ie.BREAKPOINTS_CHANGE,{detail:s});e.dispatchEvent(d)}e.breakpointsComputed||(e.breakpointsComputed=!0,e.dispatchEvent(new CustomEvent(Ie.BREAKPOINTS_COMPUTED,{bubbles:!0,composed:!0})))}function Mu(e){let t=e.split(/\s+/);return Object.fromEntries(t.map(i=>i.split(":")))}function Lu(e,t){return Object.keys(e).filter(i=>t>=parseInt(e[i]))}var Le=class extends n.HTMLElement{constructor(){if(super(),rt(this,Es),rt(this,vs),rt(this,Xi),rt(this,vr),rt(this,ai),rt(this,Zi,void 0),rt(this,pr,0),rt(this,je,null),rt(this,ii,null),rt(this,ei,void 0),this.breakpointsComputed=!1,rt(this,ps,t=>{let i=this.media;for(let a of t){if(a.type!=="childList")continue;let r=a.removedNodes;for(let s of r){if(s.slot!="media"||a.target!=this)continue;let l=a.previousSibling&&a.previousSibling.previousElementSibling;if(!l||!i)this.mediaUnsetCallback(s);else{let d=l.slot!=="media";for(;(l=l.previousSibling)!==null;)l.slot=="media"&&(d=!1);d&&this.mediaUnsetCallback(s)}}if(i)for(let s of a.addedNodes)s===i&&this.handleMediaUpdated(i)}}),rt(this,ti,!1),rt(this,hr,t=>{q(this,ti)||(setTimeout(()=>{yu(t),kt(this,ti,!1)},0),kt(this,ti,!0))}),rt(this,de,void 0),rt(this,mr,()=>{if(!q(this,de).assignedElements({flatten:!0}).length){q(this,je)&&this.mediaUnsetCallback(q(this,je));return}this.handleMediaUpdated(this.media)}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let t=$(this.attributes),i=this.constructor.getTemplateHTML(t);W(this.shadowRoot,i)}kt(this,Zi,new MutationObserver(q(this,ps)))}static get observedAttributes(){return[b.AUTOHIDE,b.GESTURES_DISABLED].concat(ku).filter(t=>![o.MEDIA_RENDITION_LIST,o.MEDIA_AUDIO_TRACK_LIST,o.MEDIA_CHAPTERS_CUES,o.MEDIA_WIDTH,o.MEDIA_HEIGHT,o.MEDIA_ERROR,o.MEDIA_ERROR_MESSAGE].includes(t))}attributeChangedCallback(t,i,a){t.toLowerCase()==b.AUTOHIDE&&(this.autohide=a)}get media(){let t=this.querySelector(":scope > [slot=media]");return t?.nodeName=="SLOT"&&(t=t.assignedElements({flatten:!0})[0]),t}async handleMediaUpdated(t){t&&(kt(this,je,t),t.localName.includes("-")&&await n.customElements.whenDefined(t.localName),this.mediaSetCallback(t))}connectedCallback(){var t;q(this,Zi).observe(this,{childList:!0,subtree:!0}),jt(this,q(this,hr));let a=this.getAttribute(b.AUDIO)!=null?u("audio player"):u("video player");this.setAttribute("role","region"),this.setAttribute("aria-label",a),this.handleMediaUpdated(this.media),this.setAttribute(b.USER_INACTIVE,""),id(this,this.getBoundingClientRect().width);let r=this.querySelector(":scope > slot[slot=media]");r&&(kt(this,de,r),q(this,de).addEventListener("slotchange",q(this,mr))),this.addEventListener("pointerdown",this),this.addEventListener("pointermove",this),this.addEventListener("pointerup",this),this.addEventListener("mouseleave",this),this.addEventListener("keyup",this),(t=n.window)==null||t.addEventListener("mouseup",this)}disconnectedCallback(){var t;te(this,q(this,hr)),clearTimeout(q(this,ii)),q(this,Zi).disconnect(),this.media&&this.mediaUnsetCallback(this.media),(t=n.window)==null||t.removeEventListener("mouseup",this),this.removeEventListener("pointerdown",this),this.removeEventListener("pointermove",this),this.removeEventListener("pointerup",this),this.removeEventListener("mouseleave",this),this.removeEventListener("keyup",this),q(this,de)&&(q(this,de).removeEventListener("slotchange",q(this,mr)),kt(this,de,null)),kt(this,ti,!1)}mediaSetCallback(t){}mediaUnsetCallback(t){kt(this,je,null)}handleEvent(t){switch(t.type){case"pointerdown":kt(this,pr,t.timeStamp);break;case"pointermove":It(this,Es,td).call(this,t);break;case"pointerup":It(this,vs,ed).call(this,t);break;case"mouseleave":It(this,Xi,Er).call(this);break;case"mouseup":this.removeAttribute(b.KEYBOARD_CONTROL);break;case"keyup":It(this,ai,Ji).call(this),this.setAttribute(b.KEYBOARD_CONTROL,"");break}}set autohide(t){let i=Number(t);kt(this,ei,isNaN(i)?0:i)}get autohide(){return(q(this,ei)===void 0?2:q(this,ei)).toString()}get breakpoints(){return S(this,b.BREAKPOINTS)}set breakpoints(t){T(this,b.BREAKPOINTS,t)}get audio(){return g(this,b.AUDIO)}set audio(t){_(this,b.AUDIO,t)}get gesturesDisabled(){return g(this,b.GESTURES_DISABLED)}set gesturesDisabled(t){_(this,b.GESTURES_DISABLED,t)}get keyboardControl(){return g(this,b.KEYBOARD_CONTROL)}set keyboardControl(t){_(this,b.KEYBOARD_CONTROL,t)}get noAutohide(){return g(this,b.NO_AUTOHIDE)}set noAutohide(t){_(this,b.NO_AUTOHIDE,t)}get autohideOverControls(){return g(this,b.AUTOHIDE_OVER_CONTROLS)}set autohideOverControls(t){_(this,b.AUTOHIDE_OVER_CONTROLS,t)}get userInteractive(){return g(this,b.USER_INACTIVE)}set userInteractive(t){_(this,b.USER_INACTIVE,t)}};Zi=new WeakMap;pr=new WeakMap;je=new WeakMap;ii=new WeakMap;ei=new WeakMap;ps=new WeakMap;ti=new WeakMap;hr=new WeakMap;Es=new WeakSet;td=function(e){if(e.pointerType!=="mouse"&&e.timeStamp-q(this,pr)<250)return;It(this,vr,gs).call(this),clearTimeout(q(this,ii));let t=this.hasAttribute(b.AUTOHIDE_OVER_CONTROLS);([this,this.media].includes(e.target)||t)&&It(this,ai,Ji).call(this)};vs=new WeakSet;ed=function(e){if(e.pointerType==="touch"){let t=!this.hasAttribute(b.USER_INACTIVE);[this,this.media].includes(e.target)&&t?It(this,Xi,Er).call(this):It(this,ai,Ji).call(this)}else e.composedPath().some(t=>["media-play-button","media-fullscreen-button"].includes(t?.localName))&&It(this,ai,Ji).call(this)};Xi=new WeakSet;Er=function(){if(q(this,ei)<0||this.hasAttribute(b.USER_INACTIVE))return;this.setAttribute(b.USER_INACTIVE,"");let e=new n.CustomEvent(Ie.USER_INACTIVE_CHANGE,{composed:!0,bubbles:!0,detail:!0});this.dispatchEvent(e)};vr=new WeakSet;gs=function(){if(!this.hasAttribute(b.USER_INACTIVE))return;this.removeAttribute(b.USER_INACTIVE);let e=new n.CustomEvent(Ie.USER_INACTIVE_CHANGE,{composed:!0,bubbles:!0,detail:!1});this.dispatchEvent(e)};ai=new WeakSet;Ji=function(){It(this,vr,gs).call(this),clearTimeout(q(this,ii));let e=parseInt(this.autohide);e<0||kt(this,ii,setTimeout(()=>{It(this,Xi,Er).call(this)},e*1e3))};de=new WeakMap;mr=new WeakMap;Le.shadowRootOptions={mode:"open"};Le.getTemplateHTML=Su;n.customElements.get("media-container")||n.customElements.define("media-container",Le);var Is=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},Ce=(e,t,i)=>(Is(e,t,"read from private field"),i?i.call(e):t.get(e)),ee=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},ys=(e,t,i,a)=>(Is(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),we=(e,t,i)=>(Is(e,t,"access private method"),i),gr,ta,Re,fr,_s,bs,ad,As,rd,Ts,od,Ss,sd,ks,nd;function wu(e){return`
    <style>
      :host {
        font: var(--media-font,
          var(--media-font-weight, normal)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        display: var(--media-dialog-display, inline-flex);
        justify-content: center;
        align-items: center;
        
        transition-behavior: allow-discrete;
        visibility: hidden;
        opacity: 0;
        transform: translateY(2px) scale(.99);
        pointer-events: none;
      }

      :host([open]) {
        transition: display .2s, visibility 0s, opacity .2s ease-out, transform .15s ease-out;
        visibility: visible;
        opacity: 1;
        transform: translateY(0) scale(1);
        pointer-events: auto;
      }

      #content {
        display: flex;
        position: relative;
        box-sizing: border-box;
        width: min(320px, 100%);
        word-wrap: break-word;
        max-height: 100%;
        overflow: auto;
        text-align: center;
        line-height: 1.4;
      }
    </style>
    ${this.getSlotTemplateHTML(e)}
  `}function Cu(e){return`
    <slot id="content"></slot>
  `}var ji={OPEN:"open",ANCHOR:"anchor"},Dt=class extends n.HTMLElement{constructor(){super(),ee(this,fr),ee(this,bs),ee(this,As),ee(this,Ts),ee(this,Ss),ee(this,ks),ee(this,gr,!1),ee(this,ta,null),ee(this,Re,null)}static get observedAttributes(){return[ji.OPEN,ji.ANCHOR]}get open(){return g(this,ji.OPEN)}set open(t){_(this,ji.OPEN,t)}handleEvent(t){switch(t.type){case"invoke":we(this,Ts,od).call(this,t);break;case"focusout":we(this,Ss,sd).call(this,t);break;case"keydown":we(this,ks,nd).call(this,t);break}}connectedCallback(){we(this,fr,_s).call(this),this.role||(this.role="dialog"),this.addEventListener("invoke",this),this.addEventListener("focusout",this),this.addEventListener("keydown",this)}disconnectedCallback(){this.removeEventListener("invoke",this),this.removeEventListener("focusout",this),this.removeEventListener("keydown",this)}attributeChangedCallback(t,i,a){we(this,fr,_s).call(this),t===ji.OPEN&&a!==i&&(this.open?we(this,bs,ad).call(this):we(this,As,rd).call(this))}focus(){ys(this,ta,Qi());let t=!this.dispatchEvent(new Event("focus",{composed:!0,cancelable:!0})),i=!this.dispatchEvent(new Event("focusin",{composed:!0,bubbles:!0,cancelable:!0}));if(t||i)return;let a=this.querySelector('[autofocus], [tabindex]:not([tabindex="-1"]), [role="menu"]');a?.focus()}get keysUsed(){return["Escape","Tab"]}};gr=new WeakMap;ta=new WeakMap;Re=new WeakMap;fr=new WeakSet;_s=function(){if(!Ce(this,gr)&&(ys(this,gr,!0),!this.shadowRoot)){this.attachShadow(this.constructor.shadowRootOptions);let e=$(this.attributes);W(this.shadowRoot,this.constructor.getTemplateHTML(e)),queueMicrotask(()=>{let{style:t}=B(this.shadowRoot,":host");t.setProperty("transition","display .15s, visibility .15s, opacity .15s ease-in, transform .15s ease-in")})}};bs=new WeakSet;ad=function(){var e;(e=Ce(this,Re))==null||e.setAttribute("aria-expanded","true"),this.dispatchEvent(new Event("open",{composed:!0,bubbles:!0})),this.addEventListener("transitionend",()=>this.focus(),{once:!0})};As=new WeakSet;rd=function(){var e;(e=Ce(this,Re))==null||e.setAttribute("aria-expanded","false"),this.dispatchEvent(new Event("close",{composed:!0,bubbles:!0}))};Ts=new WeakSet;od=function(e){ys(this,Re,e.relatedTarget),at(this,e.relatedTarget)||(this.open=!this.open)};Ss=new WeakSet;sd=function(e){var t;at(this,e.relatedTarget)||((t=Ce(this,ta))==null||t.focus(),Ce(this,Re)&&Ce(this,Re)!==e.relatedTarget&&this.open&&(this.open=!1))};ks=new WeakSet;nd=function(e){var t,i,a,r,s;let{key:l,ctrlKey:d,altKey:c,metaKey:A}=e;d||c||A||this.keysUsed.includes(l)&&(e.preventDefault(),e.stopPropagation(),l==="Tab"?(e.shiftKey?(i=(t=this.previousElementSibling)==null?void 0:t.focus)==null||i.call(t):(r=(a=this.nextElementSibling)==null?void 0:a.focus)==null||r.call(a),this.blur()):l==="Escape"&&((s=Ce(this,ta))==null||s.focus(),this.open=!1))};Dt.shadowRootOptions={mode:"open"};Dt.getTemplateHTML=wu;Dt.getSlotTemplateHTML=Cu;n.customElements.get("media-chrome-dialog")||n.customElements.define("media-chrome-dialog",Dt);var Ru=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},ce=(e,t,i)=>(Ru(e,t,"read from private field"),i?i.call(e):t.get(e)),ld=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},ri,oi,ea={HOTKEYS:"hotkeys"},Du=[{keys:[{key:" ",label:"Space"},{key:"k"}],description:"Toggle Playback"},{keys:[{key:"m"}],description:"Toggle mute"},{keys:[{key:"f"}],description:"Toggle fullscreen"},{keys:[{key:"c"}],description:"Toggle captions or subtitles, if available"},{keys:[{key:"p"}],description:"Toggle Picture in Picture"},{keys:[{key:"ArrowLeft",label:"\u2190"},{key:"j"}],description:"Seek back 10s"},{keys:[{key:"ArrowRight",label:"\u2192"},{key:"l"}],description:"Seek forward 10s"},{keys:[{key:"ArrowUp",label:"\u2191"}],description:"Turn volume up"},{keys:[{key:"ArrowDown",label:"\u2193"}],description:"Turn volume down"},{keys:[{key:"<",label:"< (SHIFT+,)"}],description:"Decrease playback rate"},{keys:[{key:">",label:"> (SHIFT+.)"}],description:"Increase playback rate"},{keys:[{key:"shift+/",label:"SHIFT+/"}],description:"Show keyboard shortcuts"}];function br(e){return e===" "?"nospace":`no${e.toLowerCase()}`}function xu(e){let t=new Set(e?.split(/\s+/));return Du.map(({keys:i,description:a})=>({keys:i.filter(({key:r})=>!t.has(br(r))),description:a})).filter(({keys:i})=>i.length)}function Ou(e){return`
    <style>
      :host {
        position: fixed;
        top: 0;
        left: 0;
        z-index: 9999;
        background: rgb(20 20 30 / .8);
        backdrop-filter: blur(10px);
      }

      #content {
        display: block;
        width: clamp(400px, 40vw, 700px);
        max-width: 90vw;
        text-align: left;
      }

      h2 {
        margin: 0 0 1.5rem 0;
        font-size: 1.5rem;
        font-weight: 500;
        text-align: center;
      }

      .shortcuts-table {
        width: 100%;
        border-collapse: collapse;
      }

      .shortcuts-table tr {
        border-bottom: 1px solid rgba(255, 255, 255, 0.1);
      }

      .shortcuts-table tr:last-child {
        border-bottom: none;
      }

      .shortcuts-table td {
        padding: 0.75rem 0.5rem;
      }

      .shortcuts-table td:first-child {
        text-align: right;
        padding-right: 1rem;
        width: 40%;
        min-width: 120px;
      }

      .shortcuts-table td:last-child {
        padding-left: 1rem;
      }

      .key {
        display: inline-block;
        background: rgba(255, 255, 255, 0.15);
        border: 1px solid rgba(255, 255, 255, 0.2);
        border-radius: 4px;
        padding: 0.25rem 0.5rem;
        font-family: 'Courier New', monospace;
        font-size: 0.9rem;
        font-weight: 500;
        min-width: 1.5rem;
        text-align: center;
        margin: 0 0.2rem;
      }

      .description {
        color: rgba(255, 255, 255, 0.9);
        font-size: 0.95rem;
      }

      .key-combo {
        display: flex;
        align-items: center;
        justify-content: flex-end;
        gap: 0.3rem;
      }

      .key-separator {
        color: rgba(255, 255, 255, 0.5);
        font-size: 0.9rem;
      }
    </style>
    <slot id="content">
      ${dd(e[ea.HOTKEYS])}
    </slot>
  `}function dd(e){return`
    <h2>Keyboard Shortcuts</h2>
    <table class="shortcuts-table">${xu(e).map(({keys:i,description:a})=>`
        <tr>
          <td>
            <div class="key-combo">${i.map(({key:s,label:l=s},d)=>d>0?`<span class="key-separator">or</span><span class="key">${l}</span>`:`<span class="key">${l}</span>`).join("")}</div>
          </td>
          <td class="description">${a}</td>
        </tr>
      `).join("")}</table>
  `}var _r=class extends Dt{constructor(){super(...arguments),ld(this,ri,t=>{var i;if(!this.open)return;let a=(i=this.shadowRoot)==null?void 0:i.querySelector("#content");if(!a)return;let r=t.composedPath(),s=r[0]===this||r.includes(this),l=r.includes(a);s&&!l&&(this.open=!1)}),ld(this,oi,t=>{if(!this.open)return;let i=t.shiftKey&&(t.key==="/"||t.key==="?");(t.key==="Escape"||i)&&!t.ctrlKey&&!t.altKey&&!t.metaKey&&(this.open=!1,t.preventDefault(),t.stopPropagation())})}static get observedAttributes(){return[...super.observedAttributes,ea.HOTKEYS]}get hotkeys(){var t;return(t=S(this,ea.HOTKEYS))!=null?t:void 0}set hotkeys(t){T(this,ea.HOTKEYS,t)}connectedCallback(){super.connectedCallback(),this.open&&(this.addEventListener("click",ce(this,ri)),document.addEventListener("keydown",ce(this,oi)))}disconnectedCallback(){this.removeEventListener("click",ce(this,ri)),document.removeEventListener("keydown",ce(this,oi))}attributeChangedCallback(t,i,a){var r;if(super.attributeChangedCallback(t,i,a),t==="open")this.open?(this.addEventListener("click",ce(this,ri)),document.addEventListener("keydown",ce(this,oi))):(this.removeEventListener("click",ce(this,ri)),document.removeEventListener("keydown",ce(this,oi)));else if(t===ea.HOTKEYS&&a!==i){let s=(r=this.shadowRoot)==null?void 0:r.querySelector("#content");s&&(s.innerHTML=dd(a))}}};ri=new WeakMap;oi=new WeakMap;_r.getSlotTemplateHTML=Ou;n.customElements.get("media-keyboard-shortcuts-dialog")||n.customElements.define("media-keyboard-shortcuts-dialog",_r);var cd=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},J=(e,t,i)=>(cd(e,t,"read from private field"),i?i.call(e):t.get(e)),ia=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},Ar=(e,t,i,a)=>(cd(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),si,ni,Tr,De,ie,ue,he=class{constructor(t,i,{defaultValue:a}={defaultValue:void 0}){ia(this,ie),ia(this,si,void 0),ia(this,ni,void 0),ia(this,Tr,void 0),ia(this,De,new Set),Ar(this,si,t),Ar(this,ni,i),Ar(this,Tr,new Set(a))}[Symbol.iterator](){return J(this,ie,ue).values()}get length(){return J(this,ie,ue).size}get value(){var t;return(t=[...J(this,ie,ue)].join(" "))!=null?t:""}set value(t){var i;t!==this.value&&(Ar(this,De,new Set),this.add(...(i=t?.split(" "))!=null?i:[]))}toString(){return this.value}item(t){return[...J(this,ie,ue)][t]}values(){return J(this,ie,ue).values()}forEach(t,i){J(this,ie,ue).forEach(t,i)}add(...t){var i,a;t.forEach(r=>J(this,De).add(r)),!(this.value===""&&!((i=J(this,si))!=null&&i.hasAttribute(`${J(this,ni)}`)))&&((a=J(this,si))==null||a.setAttribute(`${J(this,ni)}`,`${this.value}`))}remove(...t){var i;t.forEach(a=>J(this,De).delete(a)),(i=J(this,si))==null||i.setAttribute(`${J(this,ni)}`,`${this.value}`)}contains(t){return J(this,ie,ue).has(t)}toggle(t,i){return typeof i<"u"?i?(this.add(t),!0):(this.remove(t),!1):this.contains(t)?(this.remove(t),!1):(this.add(t),!0)}replace(t,i){return this.remove(t),this.add(i),t===i}};si=new WeakMap;ni=new WeakMap;Tr=new WeakMap;De=new WeakMap;ie=new WeakSet;ue=function(){return J(this,De).size?J(this,De):J(this,Tr)};var Uu=(e="")=>e.split(/\s+/),ud=(e="")=>{let[t,i,a]=e.split(":"),r=a?decodeURIComponent(a):void 0;return{kind:t==="cc"?st.CAPTIONS:st.SUBTITLES,language:i,label:r}},xe=(e="",t={})=>Uu(e).map(i=>{let a=ud(i);return{...t,...a}}),Ms=e=>e?Array.isArray(e)?e.map(t=>typeof t=="string"?ud(t):t):typeof e=="string"?xe(e):[e]:[],Sr=({kind:e,label:t,language:i}={kind:"subtitles"})=>t?`${e==="captions"?"cc":"sb"}:${i}:${encodeURIComponent(t)}`:i,ae=(e=[])=>Array.prototype.map.call(e,Sr).join(" "),Pu=(e,t)=>i=>i[e]===t,hd=e=>{let t=Object.entries(e).map(([i,a])=>Pu(i,a));return i=>t.every(a=>a(i))},Oe=(e,t=[],i=[])=>{let a=Ms(i).map(hd),r=s=>a.some(l=>l(s));Array.from(t).filter(r).forEach(s=>{s.mode=e})},Ue=(e,t=()=>!0)=>{if(!e?.textTracks)return[];let i=typeof t=="function"?t:hd(t);return Array.from(e.textTracks).filter(i)},kr=e=>{var t;return!!((t=e.mediaSubtitlesShowing)!=null&&t.length)||e.hasAttribute(o.MEDIA_SUBTITLES_SHOWING)};var pd=e=>{var t;let{media:i,fullscreenElement:a}=e;try{let r=a&&"requestFullscreen"in a?"requestFullscreen":a&&"webkitRequestFullScreen"in a?"webkitRequestFullScreen":void 0;if(r){let s=(t=a[r])==null?void 0:t.call(a);if(s instanceof Promise)return s.catch(()=>{})}else i?.webkitEnterFullscreen?i.webkitEnterFullscreen():i?.requestFullscreen&&i.requestFullscreen()}catch(r){console.error(r)}},md="exitFullscreen"in F?"exitFullscreen":"webkitExitFullscreen"in F?"webkitExitFullscreen":"webkitCancelFullScreen"in F?"webkitCancelFullScreen":void 0,Ed=e=>{var t;let{documentElement:i}=e;if(md){let a=(t=i?.[md])==null?void 0:t.call(i);if(a instanceof Promise)return a.catch(()=>{})}},aa="fullscreenElement"in F?"fullscreenElement":"webkitFullscreenElement"in F?"webkitFullscreenElement":void 0,Nu=e=>{let{documentElement:t,media:i}=e,a=t?.[aa];return!a&&"webkitDisplayingFullscreen"in i&&"webkitPresentationMode"in i&&i.webkitDisplayingFullscreen&&i.webkitPresentationMode===Hl.FULLSCREEN?i:a},vd=e=>{var t;let{media:i,documentElement:a,fullscreenElement:r=i}=e;if(!i||!a)return!1;let s=Nu(e);if(!s)return!1;if(s===r||s===i)return!0;if(s.localName.includes("-")){let l=s.shadowRoot;if(!(aa in l))return at(s,r);for(;l?.[aa];){if(l[aa]===r)return!0;l=(t=l[aa])==null?void 0:t.shadowRoot}}return!1},Hu="fullscreenEnabled"in F?"fullscreenEnabled":"webkitFullscreenEnabled"in F?"webkitFullscreenEnabled":void 0,fd=e=>{let{documentElement:t,media:i}=e;return!!t?.[Hu]||i&&"webkitSupportsFullscreen"in i};var Ir,Ls=()=>{var e,t;return Ir||(Ir=(t=(e=F)==null?void 0:e.createElement)==null?void 0:t.call(e,"video"),Ir)},gd=async(e=Ls())=>{if(!e)return!1;let t=e.volume;e.volume=t/2+.1;let i=new AbortController,a=await Promise.race([Bu(e,i.signal),Wu(e,t)]);return i.abort(),a},Bu=(e,t)=>new Promise(i=>{e.addEventListener("volumechange",()=>i(!0),{signal:t})}),Wu=async(e,t)=>{for(let i=0;i<10;i++){if(e.volume===t)return!1;await er(10)}return e.volume!==t},$u=/.*Version\/.*Safari\/.*/.test(n.navigator.userAgent),ws=(e=Ls())=>n.matchMedia("(display-mode: standalone)").matches&&$u?!1:typeof e?.requestPictureInPicture=="function",Cs=(e=Ls())=>fd({documentElement:F,media:e}),_d=Cs(),bd=ws(),Ad=!!n.WebKitPlaybackTargetAvailabilityEvent,Td=!!n.chrome;var li=e=>Ue(e.media,t=>[st.SUBTITLES,st.CAPTIONS].includes(t.kind)).sort((t,i)=>t.kind>=i.kind?1:-1),Rs=e=>Ue(e.media,t=>t.mode===le.SHOWING&&[st.SUBTITLES,st.CAPTIONS].includes(t.kind)),yr=(e,t)=>{let i=li(e),a=Rs(e),r=!!a.length;if(i.length){if(t===!1||r&&t!==!0)Oe(le.DISABLED,i,a);else if(t===!0||!r&&t!==!1){let s=i[0],{options:l}=e;if(!l?.noSubtitlesLangPref){let y=n.localStorage.getItem("media-chrome-pref-subtitles-lang"),I=y?[y,...n.navigator.languages]:n.navigator.languages,f=i.filter(p=>I.some(k=>p.language.toLowerCase().startsWith(k.split("-")[0]))).sort((p,k)=>{let v=I.findIndex(L=>p.language.toLowerCase().startsWith(L.split("-")[0])),C=I.findIndex(L=>k.language.toLowerCase().startsWith(L.split("-")[0]));return v-C});f[0]&&(s=f[0])}let{language:d,label:c,kind:A}=s;Oe(le.DISABLED,i,a),Oe(le.SHOWING,i,[{language:d,label:c,kind:A}])}}},Mr=(e,t)=>e===t?!0:e==null||t==null||typeof e!=typeof t?!1:typeof e=="number"&&Number.isNaN(e)&&Number.isNaN(t)?!0:typeof e!="object"?!1:Array.isArray(e)?Fu(e,t):Object.entries(e).every(([i,a])=>i in t&&Mr(a,t[i])),Fu=(e,t)=>{let i=Array.isArray(e),a=Array.isArray(t);return i!==a?!1:i||a?e.length!==t.length?!1:e.every((r,s)=>Mr(r,t[s])):!0};var Vu=Object.values(ut),Lr,Ku=gd().then(e=>(Lr=e,Lr)),Sd=async(...e)=>{await Promise.all(e.filter(t=>t).map(async t=>{if(!("localName"in t&&t instanceof n.HTMLElement))return;let i=t.localName;if(!i.includes("-"))return;let a=n.customElements.get(i);a&&t instanceof a||(await n.customElements.whenDefined(i),n.customElements.upgrade(t))}))},Gu=new n.DOMParser,qu=e=>e&&(Gu.parseFromString(e,"text/html").body.textContent||e),di={mediaError:{get(e,t){let{media:i}=e;if(t?.type!=="playing")return i?.error},mediaEvents:["emptied","error","playing"]},mediaErrorCode:{get(e,t){var i;let{media:a}=e;if(t?.type!=="playing")return(i=a?.error)==null?void 0:i.code},mediaEvents:["emptied","error","playing"]},mediaErrorMessage:{get(e,t){var i,a;let{media:r}=e;if(t?.type!=="playing")return(a=(i=r?.error)==null?void 0:i.message)!=null?a:""},mediaEvents:["emptied","error","playing"]},mediaWidth:{get(e){var t;let{media:i}=e;return(t=i?.videoWidth)!=null?t:0},mediaEvents:["resize"]},mediaHeight:{get(e){var t;let{media:i}=e;return(t=i?.videoHeight)!=null?t:0},mediaEvents:["resize"]},mediaPaused:{get(e){var t;let{media:i}=e;return(t=i?.paused)!=null?t:!0},set(e,t){var i;let{media:a}=t;a&&(e?a.pause():(i=a.play())==null||i.catch(()=>{}))},mediaEvents:["play","playing","pause","emptied"]},mediaHasPlayed:{get(e,t){let{media:i}=e;return i?t?t.type==="playing":!i.paused:!1},mediaEvents:["playing","emptied"]},mediaEnded:{get(e){var t;let{media:i}=e;return(t=i?.ended)!=null?t:!1},mediaEvents:["seeked","ended","emptied"]},mediaPlaybackRate:{get(e){var t;let{media:i}=e;return(t=i?.playbackRate)!=null?t:1},set(e,t){let{media:i}=t;i&&Number.isFinite(+e)&&(i.playbackRate=+e)},mediaEvents:["ratechange","loadstart"]},mediaMuted:{get(e){var t;let{media:i}=e;return(t=i?.muted)!=null?t:!1},set(e,t){let{media:i,options:{noMutedPref:a}={}}=t;if(i){i.muted=e;try{let r=n.localStorage.getItem("media-chrome-pref-muted")!==null,s=i.hasAttribute("muted");if(a){r&&n.localStorage.removeItem("media-chrome-pref-muted");return}if(s&&!r)return;n.localStorage.setItem("media-chrome-pref-muted",e?"true":"false")}catch(r){console.debug("Error setting muted pref",r)}}},mediaEvents:["volumechange"],stateOwnersUpdateHandlers:[(e,t)=>{let{options:{noMutedPref:i}}=t,{media:a}=t;if(!(!a||a.muted||i))try{let r=n.localStorage.getItem("media-chrome-pref-muted")==="true";di.mediaMuted.set(r,t),e(r)}catch(r){console.debug("Error getting muted pref",r)}}]},mediaLoop:{get(e){let{media:t}=e;return t?.loop},set(e,t){let{media:i}=t;i&&(i.loop=e)},mediaEvents:["medialooprequest"]},mediaVolume:{get(e){var t;let{media:i}=e;return(t=i?.volume)!=null?t:1},set(e,t){let{media:i,options:{noVolumePref:a}={}}=t;if(i){try{e==null?n.localStorage.removeItem("media-chrome-pref-volume"):!i.hasAttribute("muted")&&!a&&n.localStorage.setItem("media-chrome-pref-volume",e.toString())}catch(r){console.debug("Error setting volume pref",r)}Number.isFinite(+e)&&(i.volume=+e)}},mediaEvents:["volumechange"],stateOwnersUpdateHandlers:[(e,t)=>{let{options:{noVolumePref:i}}=t;if(!i)try{let{media:a}=t;if(!a)return;let r=n.localStorage.getItem("media-chrome-pref-volume");if(r==null)return;di.mediaVolume.set(+r,t),e(+r)}catch(a){console.debug("Error getting volume pref",a)}}]},mediaVolumeLevel:{get(e){let{media:t}=e;return typeof t?.volume>"u"?"high":t.muted||t.volume===0?"off":t.volume<.5?"low":t.volume<.75?"medium":"high"},mediaEvents:["volumechange"]},mediaCurrentTime:{get(e){var t;let{media:i}=e;return(t=i?.currentTime)!=null?t:0},set(e,t){let{media:i}=t;!i||!Xe(e)||(i.currentTime=e)},mediaEvents:["timeupdate","loadedmetadata","seeking"]},mediaDuration:{get(e){let{media:t,options:{defaultDuration:i}={}}=e;return i&&(!t||!t.duration||Number.isNaN(t.duration)||!Number.isFinite(t.duration))?i:Number.isFinite(t?.duration)?t.duration:Number.NaN},mediaEvents:["durationchange","loadedmetadata","emptied"]},mediaLoading:{get(e){let{media:t}=e;return t?.readyState<3},mediaEvents:["waiting","playing","emptied"]},mediaSeekable:{get(e){var t;let{media:i}=e;if(!((t=i?.seekable)!=null&&t.length))return;let a=i.seekable.start(0),r=i.seekable.end(i.seekable.length-1);if(!(!a&&!r))return[Number(a.toFixed(3)),Number(r.toFixed(3))]},mediaEvents:["loadedmetadata","emptied","progress","seekablechange"]},mediaBuffered:{get(e){var t;let{media:i}=e,a=(t=i?.buffered)!=null?t:[];return Array.from(a).map((r,s)=>[Number(a.start(s).toFixed(3)),Number(a.end(s).toFixed(3))])},mediaEvents:["progress","emptied"]},mediaStreamType:{get(e){let{media:t,options:{defaultStreamType:i}={}}=e,a=[ut.LIVE,ut.ON_DEMAND].includes(i)?i:void 0;if(!t)return a;let{streamType:r}=t;if(Vu.includes(r))return r===ut.UNKNOWN?a:r;let s=t.duration;return s===1/0?ut.LIVE:Number.isFinite(s)?ut.ON_DEMAND:a},mediaEvents:["emptied","durationchange","loadedmetadata","streamtypechange"]},mediaTargetLiveWindow:{get(e){let{media:t}=e;if(!t)return Number.NaN;let{targetLiveWindow:i}=t,a=di.mediaStreamType.get(e);return(i==null||Number.isNaN(i))&&a===ut.LIVE?0:i},mediaEvents:["emptied","durationchange","loadedmetadata","streamtypechange","targetlivewindowchange"]},mediaTimeIsLive:{get(e){let{media:t,options:{liveEdgeOffset:i=10}={}}=e;if(!t)return!1;if(typeof t.liveEdgeStart=="number")return Number.isNaN(t.liveEdgeStart)?!1:t.currentTime>=t.liveEdgeStart;if(!(di.mediaStreamType.get(e)===ut.LIVE))return!1;let r=t.seekable;if(!r)return!0;if(!r.length)return!1;let s=r.end(r.length-1)-i;return t.currentTime>=s},mediaEvents:["playing","timeupdate","progress","waiting","emptied"]},mediaSubtitlesList:{get(e){return li(e).map(({kind:t,label:i,language:a})=>({kind:t,label:i,language:a}))},mediaEvents:["loadstart"],textTracksEvents:["addtrack","removetrack"]},mediaSubtitlesShowing:{get(e){return Rs(e).map(({kind:t,label:i,language:a})=>({kind:t,label:i,language:a}))},mediaEvents:["loadstart"],textTracksEvents:["addtrack","removetrack","change"],stateOwnersUpdateHandlers:[(e,t)=>{var i,a;let{media:r,options:s}=t;if(!r)return;let l=d=>{var c;!s.defaultSubtitles||d&&![st.CAPTIONS,st.SUBTITLES].includes((c=d?.track)==null?void 0:c.kind)||yr(t,!0)};return r.addEventListener("loadstart",l),(i=r.textTracks)==null||i.addEventListener("addtrack",l),(a=r.textTracks)==null||a.addEventListener("removetrack",l),()=>{var d,c;r.removeEventListener("loadstart",l),(d=r.textTracks)==null||d.removeEventListener("addtrack",l),(c=r.textTracks)==null||c.removeEventListener("removetrack",l)}}]},mediaChaptersCues:{get(e){var t;let{media:i}=e;if(!i)return[];let[a]=Ue(i,{kind:st.CHAPTERS});return Array.from((t=a?.cues)!=null?t:[]).map(({text:r,startTime:s,endTime:l})=>({text:qu(r),startTime:s,endTime:l}))},mediaEvents:["loadstart","loadedmetadata"],textTracksEvents:["addtrack","removetrack","change"],stateOwnersUpdateHandlers:[(e,t)=>{var i;let{media:a}=t;if(!a)return;let r=a.querySelector('track[kind="chapters"][default][src]'),s=(i=a.shadowRoot)==null?void 0:i.querySelector(':is(video,audio) > track[kind="chapters"][default][src]');return r?.addEventListener("load",e),s?.addEventListener("load",e),()=>{r?.removeEventListener("load",e),s?.removeEventListener("load",e)}}]},mediaIsPip:{get(e){var t,i;let{media:a,documentElement:r}=e;if(!a||!r||!r.pictureInPictureElement)return!1;if(r.pictureInPictureElement===a)return!0;if(r.pictureInPictureElement instanceof HTMLMediaElement)return(t=a.localName)!=null&&t.includes("-")?at(a,r.pictureInPictureElement):!1;if(r.pictureInPictureElement.localName.includes("-")){let s=r.pictureInPictureElement.shadowRoot;for(;s?.pictureInPictureElement;){if(s.pictureInPictureElement===a)return!0;s=(i=s.pictureInPictureElement)==null?void 0:i.shadowRoot}}return!1},set(e,t){let{media:i}=t;if(i)if(e){if(!F.pictureInPictureEnabled){console.warn("MediaChrome: Picture-in-picture is not enabled");return}if(!i.requestPictureInPicture){console.warn("MediaChrome: The current media does not support picture-in-picture");return}let a=()=>{console.warn("MediaChrome: The media is not ready for picture-in-picture. It must have a readyState > 0.")};i.requestPictureInPicture().catch(r=>{if(r.code===11){if(!i.src){console.warn("MediaChrome: The media is not ready for picture-in-picture. It must have a src set.");return}if(i.readyState===0&&i.preload==="none"){let s=()=>{i.removeEventListener("loadedmetadata",l),i.preload="none"},l=()=>{i.requestPictureInPicture().catch(a),s()};i.addEventListener("loadedmetadata",l),i.preload="metadata",setTimeout(()=>{i.readyState===0&&a(),s()},1e3)}else throw r}else throw r})}else F.pictureInPictureElement&&F.exitPictureInPicture()},mediaEvents:["enterpictureinpicture","leavepictureinpicture"]},mediaRenditionList:{get(e){var t;let{media:i}=e;return[...(t=i?.videoRenditions)!=null?t:[]].map(a=>({...a}))},mediaEvents:["emptied","loadstart"],videoRenditionsEvents:["addrendition","removerendition"]},mediaRenditionSelected:{get(e){var t,i,a;let{media:r}=e;return(a=(i=r?.videoRenditions)==null?void 0:i[(t=r.videoRenditions)==null?void 0:t.selectedIndex])==null?void 0:a.id},set(e,t){let{media:i}=t;if(!i?.videoRenditions){console.warn("MediaController: Rendition selection not supported by this media.");return}let a=e,r=Array.prototype.findIndex.call(i.videoRenditions,s=>s.id==a);i.videoRenditions.selectedIndex!=r&&(i.videoRenditions.selectedIndex=r)},mediaEvents:["emptied"],videoRenditionsEvents:["addrendition","removerendition","change"]},mediaAudioTrackList:{get(e){var t;let{media:i}=e;return[...(t=i?.audioTracks)!=null?t:[]]},mediaEvents:["emptied","loadstart"],audioTracksEvents:["addtrack","removetrack"]},mediaAudioTrackEnabled:{get(e){var t,i;let{media:a}=e;return(i=[...(t=a?.audioTracks)!=null?t:[]].find(r=>r.enabled))==null?void 0:i.id},set(e,t){let{media:i}=t;if(!i?.audioTracks){console.warn("MediaChrome: Audio track selection not supported by this media.");return}let a=e;for(let r of i.audioTracks)r.enabled=a==r.id},mediaEvents:["emptied"],audioTracksEvents:["addtrack","removetrack","change"]},mediaIsFullscreen:{get(e){return vd(e)},set(e,t,i){var a,r;e?(pd(t),i.detail&&!((a=t.media)!=null&&a.inert)&&((r=t.media)==null||r.focus())):Ed(t)},rootEvents:["fullscreenchange","webkitfullscreenchange"],mediaEvents:["webkitbeginfullscreen","webkitendfullscreen","webkitpresentationmodechanged"]},mediaIsCasting:{get(e){var t;let{media:i}=e;return!i?.remote||((t=i.remote)==null?void 0:t.state)==="disconnected"?!1:i.remote.state==="connected"},set(e,t){var i,a;let{media:r}=t;if(r&&!(e&&((i=r.remote)==null?void 0:i.state)!=="disconnected")&&!(!e&&((a=r.remote)==null?void 0:a.state)!=="connected")){if(typeof r.remote.prompt!="function"){console.warn("MediaChrome: Casting is not supported in this environment");return}r.remote.prompt().catch(()=>{})}},remoteEvents:["connect","connecting","disconnect"]},mediaIsAirplaying:{get(){return!1},set(e,t){let{media:i}=t;if(i){if(!(i.webkitShowPlaybackTargetPicker&&n.WebKitPlaybackTargetAvailabilityEvent)){console.error("MediaChrome: received a request to select AirPlay but AirPlay is not supported in this environment");return}i.webkitShowPlaybackTargetPicker()}},mediaEvents:["webkitcurrentplaybacktargetiswirelesschanged"]},mediaFullscreenUnavailable:{get(e){let{media:t}=e;if(!_d||!Cs(t))return nt.UNSUPPORTED}},mediaPipUnavailable:{get(e){let{media:t}=e;if(!bd||!ws(t))return nt.UNSUPPORTED;if(t?.disablePictureInPicture)return nt.UNAVAILABLE}},mediaVolumeUnavailable:{get(e){let{media:t}=e;if(Lr===!1||t?.volume==null)return nt.UNSUPPORTED},stateOwnersUpdateHandlers:[e=>{Lr==null&&Ku.then(t=>e(t?void 0:nt.UNSUPPORTED))}]},mediaCastUnavailable:{get(e,{availability:t="not-available"}={}){var i;let{media:a}=e;if(!Td||!((i=a?.remote)!=null&&i.state))return nt.UNSUPPORTED;if(!(t==null||t==="available"))return nt.UNAVAILABLE},stateOwnersUpdateHandlers:[(e,t)=>{var i;let{media:a}=t;return a?(a.disableRemotePlayback||a.hasAttribute("disableremoteplayback")||(i=a?.remote)==null||i.watchAvailability(s=>{e({availability:s?"available":"not-available"})}).catch(s=>{s.name==="NotSupportedError"?e({availability:null}):e({availability:"not-available"})}),()=>{var s;(s=a?.remote)==null||s.cancelWatchAvailability().catch(()=>{})}):void 0}]},mediaAirplayUnavailable:{get(e,t){if(!Ad)return nt.UNSUPPORTED;if(t?.availability==="not-available")return nt.UNAVAILABLE},mediaEvents:["webkitplaybacktargetavailabilitychanged"],stateOwnersUpdateHandlers:[(e,t)=>{var i;let{media:a}=t;return a?(a.disableRemotePlayback||a.hasAttribute("disableremoteplayback")||(i=a?.remote)==null||i.watchAvailability(s=>{e({availability:s?"available":"not-available"})}).catch(s=>{s.name==="NotSupportedError"?e({availability:null}):e({availability:"not-available"})}),()=>{var s;(s=a?.remote)==null||s.cancelWatchAvailability().catch(()=>{})}):void 0}]},mediaRenditionUnavailable:{get(e){var t;let{media:i}=e;if(!i?.videoRenditions)return nt.UNSUPPORTED;if(!((t=i.videoRenditions)!=null&&t.length))return nt.UNAVAILABLE},mediaEvents:["emptied","loadstart"],videoRenditionsEvents:["addrendition","removerendition"]},mediaAudioTrackUnavailable:{get(e){var t,i;let{media:a}=e;if(!a?.audioTracks)return nt.UNSUPPORTED;if(((i=(t=a.audioTracks)==null?void 0:t.length)!=null?i:0)<=1)return nt.UNAVAILABLE},mediaEvents:["emptied","loadstart"],audioTracksEvents:["addtrack","removetrack"]},mediaLang:{get(e){let{options:{mediaLang:t}={}}=e;return t??"en"}}};var kd={[h.MEDIA_PREVIEW_REQUEST](e,t,{detail:i}){var a,r,s;let{media:l}=t,d=i??void 0,c,A;if(l&&d!=null){let[p]=Ue(l,{kind:st.METADATA,label:"thumbnails"}),k=Array.prototype.find.call((a=p?.cues)!=null?a:[],(v,C,L)=>C===0?v.endTime>d:C===L.length-1?v.startTime<=d:v.startTime<=d&&v.endTime>d);if(k){let v=/'^(?:[a-z]+:)?\/\//i.test(k.text)||(r=l?.querySelector('track[label="thumbnails"]'))==null?void 0:r.src,C=new URL(k.text,v);A=new URLSearchParams(C.hash).get("#xywh").split(",").map(it=>+it),c=C.href}}let y=e.mediaDuration.get(t),f=(s=e.mediaChaptersCues.get(t).find((p,k,v)=>k===v.length-1&&y===p.endTime?p.startTime<=d&&p.endTime>=d:p.startTime<=d&&p.endTime>d))==null?void 0:s.text;return i!=null&&f==null&&(f=""),{mediaPreviewTime:d,mediaPreviewImage:c,mediaPreviewCoords:A,mediaPreviewChapter:f}},[h.MEDIA_PAUSE_REQUEST](e,t){e["mediaPaused"].set(!0,t)},[h.MEDIA_PLAY_REQUEST](e,t){var i,a,r,s;let l="mediaPaused",c=e.mediaStreamType.get(t)===ut.LIVE,A=!((i=t.options)!=null&&i.noAutoSeekToLive),y=e.mediaTargetLiveWindow.get(t)>0;if(c&&A&&!y){let I=(a=e.mediaSeekable.get(t))==null?void 0:a[1];if(I){let f=(s=(r=t.options)==null?void 0:r.seekToLiveOffset)!=null?s:0,p=I-f;e.mediaCurrentTime.set(p,t)}}e[l].set(!1,t)},[h.MEDIA_PLAYBACK_RATE_REQUEST](e,t,{detail:i}){let a="mediaPlaybackRate",r=i;e[a].set(r,t)},[h.MEDIA_MUTE_REQUEST](e,t){e["mediaMuted"].set(!0,t)},[h.MEDIA_UNMUTE_REQUEST](e,t){let i="mediaMuted";e.mediaVolume.get(t)||e.mediaVolume.set(.25,t),e[i].set(!1,t)},[h.MEDIA_LOOP_REQUEST](e,t,{detail:i}){let a="mediaLoop",r=!!i;return e[a].set(r,t),{mediaLoop:r}},[h.MEDIA_VOLUME_REQUEST](e,t,{detail:i}){let a="mediaVolume",r=i;r&&e.mediaMuted.get(t)&&e.mediaMuted.set(!1,t),e[a].set(r,t)},[h.MEDIA_SEEK_REQUEST](e,t,{detail:i}){let a="mediaCurrentTime",r=i;e[a].set(r,t)},[h.MEDIA_SEEK_TO_LIVE_REQUEST](e,t){var i,a,r;let s="mediaCurrentTime",l=(i=e.mediaSeekable.get(t))==null?void 0:i[1];if(Number.isNaN(Number(l)))return;let d=(r=(a=t.options)==null?void 0:a.seekToLiveOffset)!=null?r:0,c=l-d;e[s].set(c,t)},[h.MEDIA_SHOW_SUBTITLES_REQUEST](e,t,{detail:i}){var a;let{options:r}=t,s=li(t),l=Ms(i),d=(a=l[0])==null?void 0:a.language;d&&!r.noSubtitlesLangPref&&n.localStorage.setItem("media-chrome-pref-subtitles-lang",d),Oe(le.SHOWING,s,l)},[h.MEDIA_DISABLE_SUBTITLES_REQUEST](e,t,{detail:i}){let a=li(t),r=i??[];Oe(le.DISABLED,a,r)},[h.MEDIA_TOGGLE_SUBTITLES_REQUEST](e,t,{detail:i}){yr(t,i)},[h.MEDIA_RENDITION_REQUEST](e,t,{detail:i}){let a="mediaRenditionSelected",r=i;e[a].set(r,t)},[h.MEDIA_AUDIO_TRACK_REQUEST](e,t,{detail:i}){let a="mediaAudioTrackEnabled",r=i;e[a].set(r,t)},[h.MEDIA_ENTER_PIP_REQUEST](e,t){let i="mediaIsPip";e.mediaIsFullscreen.get(t)&&e.mediaIsFullscreen.set(!1,t),e[i].set(!0,t)},[h.MEDIA_EXIT_PIP_REQUEST](e,t){e["mediaIsPip"].set(!1,t)},[h.MEDIA_ENTER_FULLSCREEN_REQUEST](e,t,i){let a="mediaIsFullscreen";e.mediaIsPip.get(t)&&e.mediaIsPip.set(!1,t),e[a].set(!0,t,i)},[h.MEDIA_EXIT_FULLSCREEN_REQUEST](e,t){e["mediaIsFullscreen"].set(!1,t)},[h.MEDIA_ENTER_CAST_REQUEST](e,t){let i="mediaIsCasting";e.mediaIsFullscreen.get(t)&&e.mediaIsFullscreen.set(!1,t),e[i].set(!0,t)},[h.MEDIA_EXIT_CAST_REQUEST](e,t){e["mediaIsCasting"].set(!1,t)},[h.MEDIA_AIRPLAY_REQUEST](e,t){e["mediaIsAirplaying"].set(!0,t)}};var Id=({media:e,fullscreenElement:t,documentElement:i,stateMediator:a=di,requestMap:r=kd,options:s={},monitorStateOwnersOnlyWithSubscriptions:l=!0})=>{let d=[],c={options:{...s}},A=Object.freeze({mediaPreviewTime:void 0,mediaPreviewImage:void 0,mediaPreviewCoords:void 0,mediaPreviewChapter:void 0}),y=v=>{v!=null&&(Mr(v,A)||(A=Object.freeze({...A,...v}),d.forEach(C=>C(A))))},I=()=>{let v=Object.entries(a).reduce((C,[L,{get:it}])=>(C[L]=it(c),C),{});y(v)},f={},p,k=async(v,C)=>{var L,it,Vi,Ki,qe,Xt,Jt,Gi,ke,ol,sl,nl,ll,dl,cl,ul;let tu=!!p;if(p={...c,...p??{},...v},tu)return;await Sd(...Object.values(v));let Ye=d.length>0&&C===0&&l,hl=c.media!==p.media,ml=((L=c.media)==null?void 0:L.textTracks)!==((it=p.media)==null?void 0:it.textTracks),pl=((Vi=c.media)==null?void 0:Vi.videoRenditions)!==((Ki=p.media)==null?void 0:Ki.videoRenditions),El=((qe=c.media)==null?void 0:qe.audioTracks)!==((Xt=p.media)==null?void 0:Xt.audioTracks),vl=((Jt=c.media)==null?void 0:Jt.remote)!==((Gi=p.media)==null?void 0:Gi.remote),fl=c.documentElement!==p.documentElement,gl=!!c.media&&(hl||Ye),_l=!!((ke=c.media)!=null&&ke.textTracks)&&(ml||Ye),bl=!!((ol=c.media)!=null&&ol.videoRenditions)&&(pl||Ye),Al=!!((sl=c.media)!=null&&sl.audioTracks)&&(El||Ye),Tl=!!((nl=c.media)!=null&&nl.remote)&&(vl||Ye),Sl=!!c.documentElement&&(fl||Ye),ds=gl||_l||bl||Al||Tl||Sl,Qe=d.length===0&&C===1&&l,kl=!!p.media&&(hl||Qe),Il=!!((ll=p.media)!=null&&ll.textTracks)&&(ml||Qe),yl=!!((dl=p.media)!=null&&dl.videoRenditions)&&(pl||Qe),Ml=!!((cl=p.media)!=null&&cl.audioTracks)&&(El||Qe),Ll=!!((ul=p.media)!=null&&ul.remote)&&(vl||Qe),wl=!!p.documentElement&&(fl||Qe),Cl=kl||Il||yl||Ml||Ll||wl;if(!(ds||Cl)){Object.entries(p).forEach(([U,qi])=>{c[U]=qi}),I(),p=void 0;return}Object.entries(a).forEach(([U,{get:qi,mediaEvents:eu=[],textTracksEvents:iu=[],videoRenditionsEvents:au=[],audioTracksEvents:ru=[],remoteEvents:ou=[],rootEvents:su=[],stateOwnersUpdateHandlers:nu=[]}])=>{f[U]||(f[U]={});let ct=K=>{let Q=qi(c,K);y({[U]:Q})},X;X=f[U].mediaEvents,eu.forEach(K=>{X&&gl&&(c.media.removeEventListener(K,X),f[U].mediaEvents=void 0),kl&&(p.media.addEventListener(K,ct),f[U].mediaEvents=ct)}),X=f[U].textTracksEvents,iu.forEach(K=>{var Q,At;X&&_l&&((Q=c.media.textTracks)==null||Q.removeEventListener(K,X),f[U].textTracksEvents=void 0),Il&&((At=p.media.textTracks)==null||At.addEventListener(K,ct),f[U].textTracksEvents=ct)}),X=f[U].videoRenditionsEvents,au.forEach(K=>{var Q,At;X&&bl&&((Q=c.media.videoRenditions)==null||Q.removeEventListener(K,X),f[U].videoRenditionsEvents=void 0),yl&&((At=p.media.videoRenditions)==null||At.addEventListener(K,ct),f[U].videoRenditionsEvents=ct)}),X=f[U].audioTracksEvents,ru.forEach(K=>{var Q,At;X&&Al&&((Q=c.media.audioTracks)==null||Q.removeEventListener(K,X),f[U].audioTracksEvents=void 0),Ml&&((At=p.media.audioTracks)==null||At.addEventListener(K,ct),f[U].audioTracksEvents=ct)}),X=f[U].remoteEvents,ou.forEach(K=>{var Q,At;X&&Tl&&((Q=c.media.remote)==null||Q.removeEventListener(K,X),f[U].remoteEvents=void 0),Ll&&((At=p.media.remote)==null||At.addEventListener(K,ct),f[U].remoteEvents=ct)}),X=f[U].rootEvents,su.forEach(K=>{X&&Sl&&(c.documentElement.removeEventListener(K,X),f[U].rootEvents=void 0),wl&&(p.documentElement.addEventListener(K,ct),f[U].rootEvents=ct)});let Ja=f[U].stateOwnersUpdateHandlers;if(Ja&&ds&&(Array.isArray(Ja)?Ja:[Ja]).forEach(Q=>{typeof Q=="function"&&Q()}),Cl){let K=nu.map(Q=>Q(ct,p)).filter(Q=>typeof Q=="function");f[U].stateOwnersUpdateHandlers=K.length===1?K[0]:K}else ds&&(f[U].stateOwnersUpdateHandlers=void 0)}),Object.entries(p).forEach(([U,qi])=>{c[U]=qi}),I(),p=void 0};return k({media:e,fullscreenElement:t,documentElement:i,options:s}),{dispatch(v){let{type:C,detail:L}=v;if(r[C]&&A.mediaErrorCode==null){y(r[C](a,c,v));return}C==="mediaelementchangerequest"?k({media:L}):C==="fullscreenelementchangerequest"?k({fullscreenElement:L}):C==="documentelementchangerequest"?k({documentElement:L}):C==="optionschangerequest"&&(Object.entries(L??{}).forEach(([it,Vi])=>{c.options[it]=Vi}),I())},getState(){return A},subscribe(v){return k({},d.length+1),d.push(v),v(A),()=>{let C=d.indexOf(v);C>=0&&(k({},d.length-1),d.splice(C,1))}}}};var Ns=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},E=(e,t,i)=>(Ns(e,t,"read from private field"),i?i.call(e):t.get(e)),ht=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},yt=(e,t,i,a)=>(Ns(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),me=(e,t,i)=>(Ns(e,t,"access private method"),i),re,ra,D,mt,oa,xt,wr,sa,Cr,Ds,Ne,Rr,xs,na,Dr,Os,Dd,xd=["ArrowLeft","ArrowRight","ArrowUp","ArrowDown","Enter"," ","f","m","k","c","l","j",">","<","p"],yd=10,Md=.025,Ld=.25,Yu=.25,Qu=2,m={DEFAULT_SUBTITLES:"defaultsubtitles",DEFAULT_STREAM_TYPE:"defaultstreamtype",DEFAULT_DURATION:"defaultduration",FULLSCREEN_ELEMENT:"fullscreenelement",HOTKEYS:"hotkeys",KEYBOARD_BACKWARD_SEEK_OFFSET:"keyboardbackwardseekoffset",KEYBOARD_FORWARD_SEEK_OFFSET:"keyboardforwardseekoffset",KEYBOARD_DOWN_VOLUME_STEP:"keyboarddownvolumestep",KEYBOARD_UP_VOLUME_STEP:"keyboardupvolumestep",KEYS_USED:"keysused",LANG:"lang",LOOP:"loop",LIVE_EDGE_OFFSET:"liveedgeoffset",NO_AUTO_SEEK_TO_LIVE:"noautoseektolive",NO_DEFAULT_STORE:"nodefaultstore",NO_HOTKEYS:"nohotkeys",NO_MUTED_PREF:"nomutedpref",NO_SUBTITLES_LANG_PREF:"nosubtitleslangpref",NO_VOLUME_PREF:"novolumepref",SEEK_TO_LIVE_OFFSET:"seektoliveoffset"},Us=class extends Le{constructor(){super(),ht(this,Cr),ht(this,Rr),ht(this,na),ht(this,Os),this.mediaStateReceivers=[],this.associatedElementSubscriptions=new Map,ht(this,re,new he(this,m.HOTKEYS)),ht(this,ra,void 0),ht(this,D,void 0),ht(this,mt,null),ht(this,oa,void 0),ht(this,xt,void 0),ht(this,wr,i=>{var a;(a=E(this,D))==null||a.dispatch(i)}),ht(this,sa,void 0),ht(this,Ne,i=>{let{key:a,shiftKey:r}=i;if(!(r&&(a==="/"||a==="?")||xd.includes(a))){this.removeEventListener("keyup",E(this,Ne));return}this.keyboardShortcutHandler(i)}),this.associateElement(this);let t={};yt(this,oa,i=>{Object.entries(i).forEach(([a,r])=>{if(a in t&&t[a]===r)return;this.propagateMediaState(a,r);let s=a.toLowerCase(),l=new n.CustomEvent(Nl[s],{composed:!0,detail:r});this.dispatchEvent(l)}),t=i})}static get observedAttributes(){return super.observedAttributes.concat(m.NO_HOTKEYS,m.HOTKEYS,m.DEFAULT_STREAM_TYPE,m.DEFAULT_SUBTITLES,m.DEFAULT_DURATION,m.NO_MUTED_PREF,m.NO_VOLUME_PREF,m.LANG,m.LOOP,m.LIVE_EDGE_OFFSET,m.SEEK_TO_LIVE_OFFSET,m.NO_AUTO_SEEK_TO_LIVE)}get mediaStore(){return E(this,D)}set mediaStore(t){var i,a;if(E(this,D)&&((i=E(this,xt))==null||i.call(this),yt(this,xt,void 0)),yt(this,D,t),!E(this,D)&&!this.hasAttribute(m.NO_DEFAULT_STORE)){me(this,Cr,Ds).call(this);return}yt(this,xt,(a=E(this,D))==null?void 0:a.subscribe(E(this,oa)))}get fullscreenElement(){var t;return(t=E(this,ra))!=null?t:this}set fullscreenElement(t){var i;this.hasAttribute(m.FULLSCREEN_ELEMENT)&&this.removeAttribute(m.FULLSCREEN_ELEMENT),yt(this,ra,t),(i=E(this,D))==null||i.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement})}get defaultSubtitles(){return g(this,m.DEFAULT_SUBTITLES)}set defaultSubtitles(t){_(this,m.DEFAULT_SUBTITLES,t)}get defaultStreamType(){return S(this,m.DEFAULT_STREAM_TYPE)}set defaultStreamType(t){T(this,m.DEFAULT_STREAM_TYPE,t)}get defaultDuration(){return w(this,m.DEFAULT_DURATION)}set defaultDuration(t){R(this,m.DEFAULT_DURATION,t)}get noHotkeys(){return g(this,m.NO_HOTKEYS)}set noHotkeys(t){_(this,m.NO_HOTKEYS,t)}get keysUsed(){return S(this,m.KEYS_USED)}set keysUsed(t){T(this,m.KEYS_USED,t)}get liveEdgeOffset(){return w(this,m.LIVE_EDGE_OFFSET)}set liveEdgeOffset(t){R(this,m.LIVE_EDGE_OFFSET,t)}get noAutoSeekToLive(){return g(this,m.NO_AUTO_SEEK_TO_LIVE)}set noAutoSeekToLive(t){_(this,m.NO_AUTO_SEEK_TO_LIVE,t)}get noVolumePref(){return g(this,m.NO_VOLUME_PREF)}set noVolumePref(t){_(this,m.NO_VOLUME_PREF,t)}get noMutedPref(){return g(this,m.NO_MUTED_PREF)}set noMutedPref(t){_(this,m.NO_MUTED_PREF,t)}get noSubtitlesLangPref(){return g(this,m.NO_SUBTITLES_LANG_PREF)}set noSubtitlesLangPref(t){_(this,m.NO_SUBTITLES_LANG_PREF,t)}get noDefaultStore(){return g(this,m.NO_DEFAULT_STORE)}set noDefaultStore(t){_(this,m.NO_DEFAULT_STORE,t)}get resolvedLang(){return Ol()}attributeChangedCallback(t,i,a){var r,s,l,d,c,A,y,I,f,p,k,v;if(super.attributeChangedCallback(t,i,a),t===m.NO_HOTKEYS)a!==i&&a===""?(this.hasAttribute(m.HOTKEYS)&&console.warn("Media Chrome: Both `hotkeys` and `nohotkeys` have been set. All hotkeys will be disabled."),this.disableHotkeys()):a!==i&&a===null&&this.enableHotkeys(),me(this,na,Dr).call(this);else if(t===m.HOTKEYS)E(this,re).value=a,me(this,na,Dr).call(this);else if(t===m.DEFAULT_SUBTITLES&&a!==i)(r=E(this,D))==null||r.dispatch({type:"optionschangerequest",detail:{defaultSubtitles:this.hasAttribute(m.DEFAULT_SUBTITLES)}});else if(t===m.DEFAULT_STREAM_TYPE)(l=E(this,D))==null||l.dispatch({type:"optionschangerequest",detail:{defaultStreamType:(s=this.getAttribute(m.DEFAULT_STREAM_TYPE))!=null?s:void 0}});else if(t===m.LIVE_EDGE_OFFSET&&a!==i)(d=E(this,D))==null||d.dispatch({type:"optionschangerequest",detail:{liveEdgeOffset:this.hasAttribute(m.LIVE_EDGE_OFFSET)?+this.getAttribute(m.LIVE_EDGE_OFFSET):void 0,seekToLiveOffset:this.hasAttribute(m.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(m.SEEK_TO_LIVE_OFFSET):this.hasAttribute(m.LIVE_EDGE_OFFSET)?+this.getAttribute(m.LIVE_EDGE_OFFSET):void 0}});else if(t===m.SEEK_TO_LIVE_OFFSET&&a!==i)(c=E(this,D))==null||c.dispatch({type:"optionschangerequest",detail:{seekToLiveOffset:this.hasAttribute(m.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(m.SEEK_TO_LIVE_OFFSET):this.hasAttribute(m.LIVE_EDGE_OFFSET)?+this.getAttribute(m.LIVE_EDGE_OFFSET):void 0}});else if(t===m.NO_AUTO_SEEK_TO_LIVE)(A=E(this,D))==null||A.dispatch({type:"optionschangerequest",detail:{noAutoSeekToLive:this.hasAttribute(m.NO_AUTO_SEEK_TO_LIVE)}});else if(t===m.FULLSCREEN_ELEMENT){let C=a?(y=this.getRootNode())==null?void 0:y.getElementById(a):void 0;yt(this,ra,C),(I=E(this,D))==null||I.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement})}else t===m.LANG&&a!==i?(ja(a),(f=E(this,D))==null||f.dispatch({type:"optionschangerequest",detail:{mediaLang:a}})):t===m.LOOP&&a!==i?(p=E(this,D))==null||p.dispatch({type:h.MEDIA_LOOP_REQUEST,detail:a!=null}):t===m.NO_VOLUME_PREF&&a!==i?(k=E(this,D))==null||k.dispatch({type:"optionschangerequest",detail:{noVolumePref:this.hasAttribute(m.NO_VOLUME_PREF)}}):t===m.NO_MUTED_PREF&&a!==i&&((v=E(this,D))==null||v.dispatch({type:"optionschangerequest",detail:{noMutedPref:this.hasAttribute(m.NO_MUTED_PREF)}}))}connectedCallback(){var t,i,a;this.associateElement(this),!E(this,D)&&!this.hasAttribute(m.NO_DEFAULT_STORE)&&me(this,Cr,Ds).call(this),(t=E(this,D))==null||t.dispatch({type:"documentelementchangerequest",detail:F}),(i=E(this,D))==null||i.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement}),super.connectedCallback(),E(this,D)&&!E(this,xt)&&yt(this,xt,(a=E(this,D))==null?void 0:a.subscribe(E(this,oa))),E(this,sa)!==void 0&&E(this,D)&&this.media&&setTimeout(()=>{var r,s,l;(s=(r=this.media)==null?void 0:r.textTracks)!=null&&s.length&&((l=E(this,D))==null||l.dispatch({type:h.MEDIA_TOGGLE_SUBTITLES_REQUEST,detail:E(this,sa)}))},0),this.hasAttribute(m.NO_HOTKEYS)?this.disableHotkeys():this.enableHotkeys()}disconnectedCallback(){var t,i,a,r,s,l;if((t=super.disconnectedCallback)==null||t.call(this),this.disableHotkeys(),E(this,D)){let d=E(this,D).getState();yt(this,sa,!!((i=d.mediaSubtitlesShowing)!=null&&i.length)),(a=E(this,D))==null||a.dispatch({type:"fullscreenelementchangerequest",detail:void 0}),(r=E(this,D))==null||r.dispatch({type:"documentelementchangerequest",detail:void 0}),(s=E(this,D))==null||s.dispatch({type:h.MEDIA_TOGGLE_SUBTITLES_REQUEST,detail:!1})}E(this,xt)&&((l=E(this,xt))==null||l.call(this),yt(this,xt,void 0)),this.unassociateElement(this),E(this,mt)&&(E(this,mt).remove(),yt(this,mt,null))}mediaSetCallback(t){var i;super.mediaSetCallback(t),(i=E(this,D))==null||i.dispatch({type:"mediaelementchangerequest",detail:t}),t.hasAttribute("tabindex")||(t.tabIndex=-1)}mediaUnsetCallback(t){var i;super.mediaUnsetCallback(t),(i=E(this,D))==null||i.dispatch({type:"mediaelementchangerequest",detail:void 0})}propagateMediaState(t,i){Rd(this.mediaStateReceivers,t,i)}associateElement(t){if(!t)return;let{associatedElementSubscriptions:i}=this;if(i.has(t))return;let a=this.registerMediaStateReceiver.bind(this),r=this.unregisterMediaStateReceiver.bind(this),s=th(t,a,r);Object.values(h).forEach(l=>{t.addEventListener(l,E(this,wr))}),i.set(t,s)}unassociateElement(t){if(!t)return;let{associatedElementSubscriptions:i}=this;if(!i.has(t))return;i.get(t)(),i.delete(t),Object.values(h).forEach(r=>{t.removeEventListener(r,E(this,wr))})}registerMediaStateReceiver(t){if(!t)return;let i=this.mediaStateReceivers;i.indexOf(t)>-1||(i.push(t),E(this,D)&&Object.entries(E(this,D).getState()).forEach(([r,s])=>{Rd([t],r,s)}))}unregisterMediaStateReceiver(t){let i=this.mediaStateReceivers,a=i.indexOf(t);a<0||i.splice(a,1)}enableHotkeys(){this.addEventListener("keydown",me(this,Rr,xs))}disableHotkeys(){this.removeEventListener("keydown",me(this,Rr,xs)),this.removeEventListener("keyup",E(this,Ne))}get hotkeys(){return E(this,re)}set hotkeys(t){T(this,m.HOTKEYS,t)}keyboardShortcutHandler(t){var i,a,r,s,l,d,c,A,y;let I=t.target;if(((r=(a=(i=I.getAttribute(m.KEYS_USED))==null?void 0:i.split(" "))!=null?a:I?.keysUsed)!=null?r:[]).map(L=>L==="Space"?" ":L).filter(Boolean).includes(t.key))return;let p,k,v;if(!(E(this,re).contains(br(t.key))||t.shiftKey&&(t.key==="/"||t.key==="?")&&E(this,re).contains("noshift+/")))switch(t.key){case" ":case"k":p=E(this,D).getState().mediaPaused?h.MEDIA_PLAY_REQUEST:h.MEDIA_PAUSE_REQUEST,this.dispatchEvent(new n.CustomEvent(p,{composed:!0,bubbles:!0}));break;case"m":p=this.mediaStore.getState().mediaVolumeLevel==="off"?h.MEDIA_UNMUTE_REQUEST:h.MEDIA_MUTE_REQUEST,this.dispatchEvent(new n.CustomEvent(p,{composed:!0,bubbles:!0}));break;case"f":p=this.mediaStore.getState().mediaIsFullscreen?h.MEDIA_EXIT_FULLSCREEN_REQUEST:h.MEDIA_ENTER_FULLSCREEN_REQUEST,this.dispatchEvent(new n.CustomEvent(p,{composed:!0,bubbles:!0}));break;case"c":this.dispatchEvent(new n.CustomEvent(h.MEDIA_TOGGLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0}));break;case"ArrowLeft":case"j":{let L=this.hasAttribute(m.KEYBOARD_BACKWARD_SEEK_OFFSET)?+this.getAttribute(m.KEYBOARD_BACKWARD_SEEK_OFFSET):yd;k=Math.max(((s=this.mediaStore.getState().mediaCurrentTime)!=null?s:0)-L,0),v=new n.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:k}),this.dispatchEvent(v);break}case"ArrowRight":case"l":{let L=this.hasAttribute(m.KEYBOARD_FORWARD_SEEK_OFFSET)?+this.getAttribute(m.KEYBOARD_FORWARD_SEEK_OFFSET):yd;k=Math.max(((l=this.mediaStore.getState().mediaCurrentTime)!=null?l:0)+L,0),v=new n.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:k}),this.dispatchEvent(v);break}case"ArrowUp":{let L=this.hasAttribute(m.KEYBOARD_UP_VOLUME_STEP)?+this.getAttribute(m.KEYBOARD_UP_VOLUME_STEP):Md;k=Math.min(((d=this.mediaStore.getState().mediaVolume)!=null?d:1)+L,1),v=new n.CustomEvent(h.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:k}),this.dispatchEvent(v);break}case"ArrowDown":{let L=this.hasAttribute(m.KEYBOARD_DOWN_VOLUME_STEP)?+this.getAttribute(m.KEYBOARD_DOWN_VOLUME_STEP):Md;k=Math.max(((c=this.mediaStore.getState().mediaVolume)!=null?c:1)-L,0),v=new n.CustomEvent(h.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:k}),this.dispatchEvent(v);break}case"<":{let L=(A=this.mediaStore.getState().mediaPlaybackRate)!=null?A:1;k=Math.max(L-Ld,Yu).toFixed(2),v=new n.CustomEvent(h.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:k}),this.dispatchEvent(v);break}case">":{let L=(y=this.mediaStore.getState().mediaPlaybackRate)!=null?y:1;k=Math.min(L+Ld,Qu).toFixed(2),v=new n.CustomEvent(h.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:k}),this.dispatchEvent(v);break}case"/":case"?":{t.shiftKey&&me(this,Os,Dd).call(this);break}case"p":{p=this.mediaStore.getState().mediaIsPip?h.MEDIA_EXIT_PIP_REQUEST:h.MEDIA_ENTER_PIP_REQUEST,v=new n.CustomEvent(p,{composed:!0,bubbles:!0}),this.dispatchEvent(v);break}default:break}}};re=new WeakMap;ra=new WeakMap;D=new WeakMap;mt=new WeakMap;oa=new WeakMap;xt=new WeakMap;wr=new WeakMap;sa=new WeakMap;Cr=new WeakSet;Ds=function(){var e;this.mediaStore=Id({media:this.media,fullscreenElement:this.fullscreenElement,options:{defaultSubtitles:this.hasAttribute(m.DEFAULT_SUBTITLES),defaultDuration:this.hasAttribute(m.DEFAULT_DURATION)?+this.getAttribute(m.DEFAULT_DURATION):void 0,defaultStreamType:(e=this.getAttribute(m.DEFAULT_STREAM_TYPE))!=null?e:void 0,liveEdgeOffset:this.hasAttribute(m.LIVE_EDGE_OFFSET)?+this.getAttribute(m.LIVE_EDGE_OFFSET):void 0,seekToLiveOffset:this.hasAttribute(m.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(m.SEEK_TO_LIVE_OFFSET):this.hasAttribute(m.LIVE_EDGE_OFFSET)?+this.getAttribute(m.LIVE_EDGE_OFFSET):void 0,noAutoSeekToLive:this.hasAttribute(m.NO_AUTO_SEEK_TO_LIVE),noVolumePref:this.hasAttribute(m.NO_VOLUME_PREF),noMutedPref:this.hasAttribute(m.NO_MUTED_PREF),noSubtitlesLangPref:this.hasAttribute(m.NO_SUBTITLES_LANG_PREF)}})};Ne=new WeakMap;Rr=new WeakSet;xs=function(e){var t;let{metaKey:i,altKey:a,key:r,shiftKey:s}=e,l=s&&(r==="/"||r==="?");if(l&&((t=E(this,mt))!=null&&t.open)){this.removeEventListener("keyup",E(this,Ne));return}if(i||a||!l&&!xd.includes(r)){this.removeEventListener("keyup",E(this,Ne));return}let d=e.target,c=d instanceof HTMLElement&&(d.tagName.toLowerCase()==="media-volume-range"||d.tagName.toLowerCase()==="media-time-range");[" ","ArrowLeft","ArrowRight","ArrowUp","ArrowDown"].includes(r)&&!E(this,re).contains(br(r))&&!c&&e.preventDefault(),this.addEventListener("keyup",E(this,Ne),{once:!0})};na=new WeakSet;Dr=function(){E(this,mt)&&(E(this,mt).hotkeys=E(this,re).value||void 0,(this.noHotkeys||E(this,re).contains("noshift+/"))&&(E(this,mt).open=!1))};Os=new WeakSet;Dd=function(){E(this,mt)||(yt(this,mt,F.createElement("media-keyboard-shortcuts-dialog")),me(this,na,Dr).call(this),this.appendChild(E(this,mt))),E(this,mt).open=!0};var zu=Object.values(o),Zu=Object.values(cs),Od=e=>{var t,i,a,r;let{observedAttributes:s}=e.constructor;!s&&((t=e.nodeName)!=null&&t.includes("-"))&&(n.customElements.upgrade(e),{observedAttributes:s}=e.constructor);let l=(r=(a=(i=e?.getAttribute)==null?void 0:i.call(e,M.MEDIA_CHROME_ATTRIBUTES))==null?void 0:a.split)==null?void 0:r.call(a,/\s+/);return Array.isArray(s||l)?(s||l).filter(d=>zu.includes(d)):[]},Xu=e=>{var t,i;return(t=e.nodeName)!=null&&t.includes("-")&&n.customElements.get((i=e.nodeName)==null?void 0:i.toLowerCase())&&!(e instanceof n.customElements.get(e.nodeName.toLowerCase()))&&n.customElements.upgrade(e),Zu.some(a=>a in e)},Ps=e=>Xu(e)||!!Od(e).length,wd=e=>{var t;return(t=e?.join)==null?void 0:t.call(e,":")},Cd={[o.MEDIA_SUBTITLES_LIST]:ae,[o.MEDIA_SUBTITLES_SHOWING]:ae,[o.MEDIA_SEEKABLE]:wd,[o.MEDIA_BUFFERED]:e=>e?.map(wd).join(" "),[o.MEDIA_PREVIEW_COORDS]:e=>e?.join(" "),[o.MEDIA_RENDITION_LIST]:Bl,[o.MEDIA_AUDIO_TRACK_LIST]:$l},Ju=async(e,t,i)=>{var a,r;if(e.isConnected||await er(0),typeof i=="boolean"||i==null)return _(e,t,i);if(typeof i=="number")return R(e,t,i);if(typeof i=="string")return T(e,t,i);if(Array.isArray(i)&&!i.length)return e.removeAttribute(t);let s=(r=(a=Cd[t])==null?void 0:a.call(Cd,i))!=null?r:i;return e.setAttribute(t,s)},ju=e=>{var t;return!!((t=e.closest)!=null&&t.call(e,'*[slot="media"]'))},Pe=(e,t)=>{if(ju(e))return;let i=(r,s)=>{var l,d;Ps(r)&&s(r);let{children:c=[]}=r??{},A=(d=(l=r?.shadowRoot)==null?void 0:l.children)!=null?d:[];[...c,...A].forEach(I=>Pe(I,s))},a=e?.nodeName.toLowerCase();if(a.includes("-")&&!Ps(e)){n.customElements.whenDefined(a).then(()=>{i(e,t)});return}i(e,t)},Rd=(e,t,i)=>{e.forEach(a=>{if(t in a){a[t]=i;return}let r=Od(a),s=t.toLowerCase();r.includes(s)&&Ju(a,s,i)})},th=(e,t,i)=>{Pe(e,t);let a=y=>{var I;let f=(I=y?.composedPath()[0])!=null?I:y.target;t(f)},r=y=>{var I;let f=(I=y?.composedPath()[0])!=null?I:y.target;i(f)};e.addEventListener(h.REGISTER_MEDIA_STATE_RECEIVER,a),e.addEventListener(h.UNREGISTER_MEDIA_STATE_RECEIVER,r);let s=y=>{y.forEach(I=>{let{addedNodes:f=[],removedNodes:p=[],type:k,target:v,attributeName:C}=I;k==="childList"?(Array.prototype.forEach.call(f,L=>Pe(L,t)),Array.prototype.forEach.call(p,L=>Pe(L,i))):k==="attributes"&&C===M.MEDIA_CHROME_ATTRIBUTES&&(Ps(v)?t(v):i(v))})},l=[],d=y=>{let I=y.target;I.name!=="media"&&(l.forEach(f=>Pe(f,i)),l=[...I.assignedElements({flatten:!0})],l.forEach(f=>Pe(f,t)))};e.addEventListener("slotchange",d);let c=new MutationObserver(s);return c.observe(e,{childList:!0,attributes:!0,subtree:!0}),()=>{Pe(e,i),e.removeEventListener("slotchange",d),c.disconnect(),e.removeEventListener(h.REGISTER_MEDIA_STATE_RECEIVER,a),e.removeEventListener(h.UNREGISTER_MEDIA_STATE_RECEIVER,r)}};n.customElements.get("media-controller")||n.customElements.define("media-controller",Us);var ci={PLACEMENT:"placement",BOUNDS:"bounds"};function eh(e){return`
    <style>
      :host {
        --_tooltip-background-color: var(--media-tooltip-background-color, var(--media-secondary-color, rgba(20, 20, 30, .7)));
        --_tooltip-background: var(--media-tooltip-background, var(--_tooltip-background-color));
        --_tooltip-arrow-half-width: calc(var(--media-tooltip-arrow-width, 12px) / 2);
        --_tooltip-arrow-height: var(--media-tooltip-arrow-height, 5px);
        --_tooltip-arrow-background: var(--media-tooltip-arrow-color, var(--_tooltip-background-color));
        position: relative;
        pointer-events: none;
        display: var(--media-tooltip-display, inline-flex);
        justify-content: center;
        align-items: center;
        box-sizing: border-box;
        z-index: var(--media-tooltip-z-index, 1);
        background: var(--_tooltip-background);
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        font: var(--media-font,
          var(--media-font-weight, 400)
          var(--media-font-size, 13px) /
          var(--media-text-content-height, var(--media-control-height, 18px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        padding: var(--media-tooltip-padding, .35em .7em);
        border: var(--media-tooltip-border, none);
        border-radius: var(--media-tooltip-border-radius, 5px);
        filter: var(--media-tooltip-filter, drop-shadow(0 0 4px rgba(0, 0, 0, .2)));
        white-space: var(--media-tooltip-white-space, nowrap);
      }

      :host([hidden]) {
        display: none;
      }

      img, svg {
        display: inline-block;
      }

      #arrow {
        position: absolute;
        width: 0px;
        height: 0px;
        border-style: solid;
        display: var(--media-tooltip-arrow-display, block);
      }

      :host(:not([placement])),
      :host([placement="top"]) {
        position: absolute;
        bottom: calc(100% + var(--media-tooltip-distance, 12px));
        left: 50%;
        transform: translate(calc(-50% - var(--media-tooltip-offset-x, 0px)), 0);
      }
      :host(:not([placement])) #arrow,
      :host([placement="top"]) #arrow {
        top: 100%;
        left: 50%;
        border-width: var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width) 0 var(--_tooltip-arrow-half-width);
        border-color: var(--_tooltip-arrow-background) transparent transparent transparent;
        transform: translate(calc(-50% + var(--media-tooltip-offset-x, 0px)), 0);
      }

      :host([placement="right"]) {
        position: absolute;
        left: calc(100% + var(--media-tooltip-distance, 12px));
        top: 50%;
        transform: translate(0, -50%);
      }
      :host([placement="right"]) #arrow {
        top: 50%;
        right: 100%;
        border-width: var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width) 0;
        border-color: transparent var(--_tooltip-arrow-background) transparent transparent;
        transform: translate(0, -50%);
      }

      :host([placement="bottom"]) {
        position: absolute;
        top: calc(100% + var(--media-tooltip-distance, 12px));
        left: 50%;
        transform: translate(calc(-50% - var(--media-tooltip-offset-x, 0px)), 0);
      }
      :host([placement="bottom"]) #arrow {
        bottom: 100%;
        left: 50%;
        border-width: 0 var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width);
        border-color: transparent transparent var(--_tooltip-arrow-background) transparent;
        transform: translate(calc(-50% + var(--media-tooltip-offset-x, 0px)), 0);
      }

      :host([placement="left"]) {
        position: absolute;
        right: calc(100% + var(--media-tooltip-distance, 12px));
        top: 50%;
        transform: translate(0, -50%);
      }
      :host([placement="left"]) #arrow {
        top: 50%;
        left: 100%;
        border-width: var(--_tooltip-arrow-half-width) 0 var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height);
        border-color: transparent transparent transparent var(--_tooltip-arrow-background);
        transform: translate(0, -50%);
      }
      
      :host([placement="none"]) #arrow {
        display: none;
      }
    </style>
    <slot></slot>
    <div id="arrow"></div>
  `}var ui=class extends n.HTMLElement{constructor(){if(super(),this.updateXOffset=()=>{var t;if(!dr(this,{checkOpacity:!1,checkVisibilityCSS:!1}))return;let i=this.placement;if(i==="left"||i==="right"){this.style.removeProperty("--media-tooltip-offset-x");return}let a=getComputedStyle(this),r=(t=Rt(this,"#"+this.bounds))!=null?t:H(this);if(!r)return;let{x:s,width:l}=r.getBoundingClientRect(),{x:d,width:c}=this.getBoundingClientRect(),A=d+c,y=s+l,I=a.getPropertyValue("--media-tooltip-offset-x"),f=I?parseFloat(I.replace("px","")):0,p=a.getPropertyValue("--media-tooltip-container-margin"),k=p?parseFloat(p.replace("px","")):0,v=d-s+f-k,C=A-y+f+k;if(v<0){this.style.setProperty("--media-tooltip-offset-x",`${v}px`);return}if(C>0){this.style.setProperty("--media-tooltip-offset-x",`${C}px`);return}this.style.removeProperty("--media-tooltip-offset-x")},!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let t=$(this.attributes);W(this.shadowRoot,this.constructor.getTemplateHTML(t))}if(this.arrowEl=this.shadowRoot.querySelector("#arrow"),Object.prototype.hasOwnProperty.call(this,"placement")){let t=this.placement;delete this.placement,this.placement=t}}static get observedAttributes(){return[ci.PLACEMENT,ci.BOUNDS]}get placement(){return S(this,ci.PLACEMENT)}set placement(t){T(this,ci.PLACEMENT,t)}get bounds(){return S(this,ci.BOUNDS)}set bounds(t){T(this,ci.BOUNDS,t)}};ui.shadowRootOptions={mode:"open"};ui.getTemplateHTML=eh;n.customElements.get("media-tooltip")||n.customElements.define("media-tooltip",ui);var xr=ui;var Ws=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},z=(e,t,i)=>(Ws(e,t,"read from private field"),i?i.call(e):t.get(e)),He=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},Or=(e,t,i,a)=>(Ws(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),Ud=(e,t,i)=>(Ws(e,t,"access private method"),i),Ot,mi,Hs,Pd,Ee,hi,Ur,Bs,Nd,pe={TOOLTIP_PLACEMENT:"tooltipplacement",DISABLED:"disabled",NO_TOOLTIP:"notooltip"};function ih(e,t={}){return`
    <style>
      :host {
        position: relative;
        font: var(--media-font,
          var(--media-font-weight, bold)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        padding: var(--media-button-padding, var(--media-control-padding, 10px));
        justify-content: var(--media-button-justify-content, center);
        display: inline-flex;
        align-items: center;
        vertical-align: middle;
        box-sizing: border-box;
        transition: background .15s linear;
        pointer-events: auto;
        cursor: var(--media-cursor, pointer);
        -webkit-tap-highlight-color: transparent;
      }

      
      :host(:focus-visible) {
        box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        outline: 0;
      }
      
      :host(:where(:focus)) {
        box-shadow: none;
        outline: 0;
      }

      :host(:hover) {
        background: var(--media-control-hover-background, rgba(50 50 70 / .7));
      }

      slot[name="icon"] {
        display: inline-flex;
        align-items: center;
      }

      svg, img, ::slotted(svg), ::slotted(img) {
        width: var(--media-button-icon-width);
        height: var(--media-button-icon-height, var(--media-control-height, 24px));
        transform: var(--media-button-icon-transform);
        transition: var(--media-button-icon-transition);
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        vertical-align: middle;
        max-width: 100%;
        max-height: 100%;
        min-width: 100%;
      }

      media-tooltip {
        
        max-width: 0;
        overflow-x: clip;
        opacity: 0;
        transition: opacity .3s, max-width 0s 9s;
      }

      :host(:hover) media-tooltip,
      :host(:focus-visible) media-tooltip {
        max-width: 100vw;
        opacity: 1;
        transition: opacity .3s;
      }

      :host([notooltip]) slot[name="tooltip"] {
        display: none;
      }
    </style>

    ${this.getSlotTemplateHTML(e,t)}

    <slot name="tooltip">
      <media-tooltip part="tooltip" aria-hidden="true">
        <template shadowrootmode="${xr.shadowRootOptions.mode}">
          ${xr.getTemplateHTML({})}
        </template>
        <slot name="tooltip-content">
          ${this.getTooltipContentHTML(e)}
        </slot>
      </media-tooltip>
    </slot>
  `}function ah(e,t){return`
    <slot></slot>
  `}function rh(){return""}var x=class extends n.HTMLElement{constructor(){if(super(),He(this,Hs),He(this,Bs),He(this,Ot,void 0),this.preventClick=!1,this.tooltipEl=null,He(this,mi,t=>{this.preventClick||this.handleClick(t),setTimeout(z(this,Ee),0)}),He(this,Ee,()=>{var t,i;(i=(t=this.tooltipEl)==null?void 0:t.updateXOffset)==null||i.call(t)}),He(this,hi,t=>{let{key:i}=t;if(!this.keysUsed.includes(i)){this.removeEventListener("keyup",z(this,hi));return}this.preventClick||this.handleClick(t)}),He(this,Ur,t=>{let{metaKey:i,altKey:a,key:r}=t;if(i||a||!this.keysUsed.includes(r)){this.removeEventListener("keyup",z(this,hi));return}this.addEventListener("keyup",z(this,hi),{once:!0})}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let t=$(this.attributes),i=this.constructor.getTemplateHTML(t);W(this.shadowRoot,i)}this.tooltipEl=this.shadowRoot.querySelector("media-tooltip")}static get observedAttributes(){return["disabled",pe.TOOLTIP_PLACEMENT,M.MEDIA_CONTROLLER,o.MEDIA_LANG]}enable(){this.addEventListener("click",z(this,mi)),this.addEventListener("keydown",z(this,Ur)),this.tabIndex=0}disable(){this.removeEventListener("click",z(this,mi)),this.removeEventListener("keydown",z(this,Ur)),this.removeEventListener("keyup",z(this,hi)),this.tabIndex=-1}attributeChangedCallback(t,i,a){var r,s,l,d,c;t===M.MEDIA_CONTROLLER?(i&&((s=(r=z(this,Ot))==null?void 0:r.unassociateElement)==null||s.call(r,this),Or(this,Ot,null)),a&&this.isConnected&&(Or(this,Ot,(l=this.getRootNode())==null?void 0:l.getElementById(a)),(c=(d=z(this,Ot))==null?void 0:d.associateElement)==null||c.call(d,this))):t==="disabled"&&a!==i?a==null?this.enable():this.disable():t===pe.TOOLTIP_PLACEMENT&&this.tooltipEl&&a!==i?this.tooltipEl.placement=a:t===o.MEDIA_LANG&&(this.shadowRoot.querySelector('slot[name="tooltip-content"]').innerHTML=this.constructor.getTooltipContentHTML()),Ud(this,Hs,Pd).call(this)&&z(this,Ee).call(this)}connectedCallback(){var t,i,a;let{style:r}=B(this.shadowRoot,":host");r.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`),this.hasAttribute("disabled")?this.disable():this.enable(),this.setAttribute("role","button");let s=this.getAttribute(M.MEDIA_CONTROLLER);s&&(Or(this,Ot,(t=this.getRootNode())==null?void 0:t.getElementById(s)),(a=(i=z(this,Ot))==null?void 0:i.associateElement)==null||a.call(i,this)),n.customElements.whenDefined("media-tooltip").then(()=>Ud(this,Bs,Nd).call(this))}disconnectedCallback(){var t,i;this.disable(),(i=(t=z(this,Ot))==null?void 0:t.unassociateElement)==null||i.call(t,this),Or(this,Ot,null),this.removeEventListener("mouseenter",z(this,Ee)),this.removeEventListener("focus",z(this,Ee)),this.removeEventListener("click",z(this,mi))}get keysUsed(){return["Enter"," "]}get tooltipPlacement(){return S(this,pe.TOOLTIP_PLACEMENT)}set tooltipPlacement(t){T(this,pe.TOOLTIP_PLACEMENT,t)}get mediaController(){return S(this,M.MEDIA_CONTROLLER)}set mediaController(t){T(this,M.MEDIA_CONTROLLER,t)}get disabled(){return g(this,pe.DISABLED)}set disabled(t){_(this,pe.DISABLED,t)}get noTooltip(){return g(this,pe.NO_TOOLTIP)}set noTooltip(t){_(this,pe.NO_TOOLTIP,t)}handleClick(t){}};Ot=new WeakMap;mi=new WeakMap;Hs=new WeakSet;Pd=function(){try{return this.matches(":hover, :focus-visible")}catch{return this.matches(":hover, :focus")}};Ee=new WeakMap;hi=new WeakMap;Ur=new WeakMap;Bs=new WeakSet;Nd=function(){this.addEventListener("mouseenter",z(this,Ee)),this.addEventListener("focus",z(this,Ee)),this.addEventListener("click",z(this,mi));let e=this.tooltipPlacement;e&&this.tooltipEl&&(this.tooltipEl.placement=e)};x.shadowRootOptions={mode:"open"};x.getTemplateHTML=ih;x.getSlotTemplateHTML=ah;x.getTooltipContentHTML=rh;n.customElements.get("media-chrome-button")||n.customElements.define("media-chrome-button",x);var Hd=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M22.13 3H3.87a.87.87 0 0 0-.87.87v13.26a.87.87 0 0 0 .87.87h3.4L9 16H5V5h16v11h-4l1.72 2h3.4a.87.87 0 0 0 .87-.87V3.87a.87.87 0 0 0-.86-.87Zm-8.75 11.44a.5.5 0 0 0-.76 0l-4.91 5.73a.5.5 0 0 0 .38.83h9.82a.501.501 0 0 0 .38-.83l-4.91-5.73Z"/>
</svg>
`;function oh(e){return`
    <style>
      :host([${o.MEDIA_IS_AIRPLAYING}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${o.MEDIA_IS_AIRPLAYING}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${o.MEDIA_IS_AIRPLAYING}]) slot[name=tooltip-enter],
      :host(:not([${o.MEDIA_IS_AIRPLAYING}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${Hd}</slot>
      <slot name="exit">${Hd}</slot>
    </slot>
  `}function sh(){return`
    <slot name="tooltip-enter">${u("start airplay")}</slot>
    <slot name="tooltip-exit">${u("stop airplay")}</slot>
  `}var Bd=e=>{let t=e.mediaIsAirplaying?u("stop airplay"):u("start airplay");e.setAttribute("aria-label",t)},la=class extends x{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_IS_AIRPLAYING,o.MEDIA_AIRPLAY_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),Bd(this)}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),t===o.MEDIA_IS_AIRPLAYING&&Bd(this)}get mediaIsAirplaying(){return g(this,o.MEDIA_IS_AIRPLAYING)}set mediaIsAirplaying(t){_(this,o.MEDIA_IS_AIRPLAYING,t)}get mediaAirplayUnavailable(){return S(this,o.MEDIA_AIRPLAY_UNAVAILABLE)}set mediaAirplayUnavailable(t){T(this,o.MEDIA_AIRPLAY_UNAVAILABLE,t)}handleClick(){let t=new n.CustomEvent(h.MEDIA_AIRPLAY_REQUEST,{composed:!0,bubbles:!0});this.dispatchEvent(t)}};la.getSlotTemplateHTML=oh;la.getTooltipContentHTML=sh;n.customElements.get("media-airplay-button")||n.customElements.define("media-airplay-button",la);var nh=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M22.83 5.68a2.58 2.58 0 0 0-2.3-2.5c-3.62-.24-11.44-.24-15.06 0a2.58 2.58 0 0 0-2.3 2.5c-.23 4.21-.23 8.43 0 12.64a2.58 2.58 0 0 0 2.3 2.5c3.62.24 11.44.24 15.06 0a2.58 2.58 0 0 0 2.3-2.5c.23-4.21.23-8.43 0-12.64Zm-11.39 9.45a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.92 3.92 0 0 1 .92-2.77 3.18 3.18 0 0 1 2.43-1 2.94 2.94 0 0 1 2.13.78c.364.359.62.813.74 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.17 1.61 1.61 0 0 0-1.29.58 2.79 2.79 0 0 0-.5 1.89 3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.48 1.48 0 0 0 1-.37 2.1 2.1 0 0 0 .59-1.14l1.4.44a3.23 3.23 0 0 1-1.07 1.69Zm7.22 0a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.88 3.88 0 0 1 .93-2.77 3.14 3.14 0 0 1 2.42-1 3 3 0 0 1 2.16.82 2.8 2.8 0 0 1 .73 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.21 1.61 1.61 0 0 0-1.29.58A2.79 2.79 0 0 0 15 12a3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.44 1.44 0 0 0 1-.37 2.1 2.1 0 0 0 .6-1.15l1.4.44a3.17 3.17 0 0 1-1.1 1.7Z"/>
</svg>`,lh=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M17.73 14.09a1.4 1.4 0 0 1-1 .37 1.579 1.579 0 0 1-1.27-.58A3 3 0 0 1 15 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34A2.89 2.89 0 0 0 19 9.07a3 3 0 0 0-2.14-.78 3.14 3.14 0 0 0-2.42 1 3.91 3.91 0 0 0-.93 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.17 3.17 0 0 0 1.07-1.74l-1.4-.45c-.083.43-.3.822-.62 1.12Zm-7.22 0a1.43 1.43 0 0 1-1 .37 1.58 1.58 0 0 1-1.27-.58A3 3 0 0 1 7.76 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34a2.81 2.81 0 0 0-.74-1.32 2.94 2.94 0 0 0-2.13-.78 3.18 3.18 0 0 0-2.43 1 4 4 0 0 0-.92 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.23 3.23 0 0 0 1.07-1.74l-1.4-.45a2.06 2.06 0 0 1-.6 1.07Zm12.32-8.41a2.59 2.59 0 0 0-2.3-2.51C18.72 3.05 15.86 3 13 3c-2.86 0-5.72.05-7.53.17a2.59 2.59 0 0 0-2.3 2.51c-.23 4.207-.23 8.423 0 12.63a2.57 2.57 0 0 0 2.3 2.5c1.81.13 4.67.19 7.53.19 2.86 0 5.72-.06 7.53-.19a2.57 2.57 0 0 0 2.3-2.5c.23-4.207.23-8.423 0-12.63Zm-1.49 12.53a1.11 1.11 0 0 1-.91 1.11c-1.67.11-4.45.18-7.43.18-2.98 0-5.76-.07-7.43-.18a1.11 1.11 0 0 1-.91-1.11c-.21-4.14-.21-8.29 0-12.43a1.11 1.11 0 0 1 .91-1.11C7.24 4.56 10 4.49 13 4.49s5.76.07 7.43.18a1.11 1.11 0 0 1 .91 1.11c.21 4.14.21 8.29 0 12.43Z"/>
</svg>`;function dh(e){return`
    <style>
      :host([aria-checked="true"]) slot[name=off] {
        display: none !important;
      }

      
      :host(:not([aria-checked="true"])) slot[name=on] {
        display: none !important;
      }

      :host([aria-checked="true"]) slot[name=tooltip-enable],
      :host(:not([aria-checked="true"])) slot[name=tooltip-disable] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="on">${nh}</slot>
      <slot name="off">${lh}</slot>
    </slot>
  `}function ch(){return`
    <slot name="tooltip-enable">${u("Enable captions")}</slot>
    <slot name="tooltip-disable">${u("Disable captions")}</slot>
  `}var Wd=e=>{e.setAttribute("aria-checked",kr(e).toString())},da=class extends x{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_SUBTITLES_LIST,o.MEDIA_SUBTITLES_SHOWING]}connectedCallback(){super.connectedCallback(),this.setAttribute("role","button"),this.setAttribute("aria-label",u("closed captions")),Wd(this)}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),t===o.MEDIA_SUBTITLES_SHOWING&&Wd(this)}get mediaSubtitlesList(){return $d(this,o.MEDIA_SUBTITLES_LIST)}set mediaSubtitlesList(t){Fd(this,o.MEDIA_SUBTITLES_LIST,t)}get mediaSubtitlesShowing(){return $d(this,o.MEDIA_SUBTITLES_SHOWING)}set mediaSubtitlesShowing(t){Fd(this,o.MEDIA_SUBTITLES_SHOWING,t)}handleClick(){this.dispatchEvent(new n.CustomEvent(h.MEDIA_TOGGLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0}))}};da.getSlotTemplateHTML=dh;da.getTooltipContentHTML=ch;var $d=(e,t)=>{let i=e.getAttribute(t);return i?xe(i):[]},Fd=(e,t,i)=>{if(!i?.length){e.removeAttribute(t);return}let a=ae(i);e.getAttribute(t)!==a&&e.setAttribute(t,a)};n.customElements.get("media-captions-button")||n.customElements.define("media-captions-button",da);var uh='<svg aria-hidden="true" viewBox="0 0 24 24"><g><path class="cast_caf_icon_arch0" d="M1,18 L1,21 L4,21 C4,19.3 2.66,18 1,18 L1,18 Z"/><path class="cast_caf_icon_arch1" d="M1,14 L1,16 C3.76,16 6,18.2 6,21 L8,21 C8,17.13 4.87,14 1,14 L1,14 Z"/><path class="cast_caf_icon_arch2" d="M1,10 L1,12 C5.97,12 10,16.0 10,21 L12,21 C12,14.92 7.07,10 1,10 L1,10 Z"/><path class="cast_caf_icon_box" d="M21,3 L3,3 C1.9,3 1,3.9 1,5 L1,8 L3,8 L3,5 L21,5 L21,19 L14,19 L14,21 L21,21 C22.1,21 23,20.1 23,19 L23,5 C23,3.9 22.1,3 21,3 L21,3 Z"/></g></svg>',hh='<svg aria-hidden="true" viewBox="0 0 24 24"><g><path class="cast_caf_icon_arch0" d="M1,18 L1,21 L4,21 C4,19.3 2.66,18 1,18 L1,18 Z"/><path class="cast_caf_icon_arch1" d="M1,14 L1,16 C3.76,16 6,18.2 6,21 L8,21 C8,17.13 4.87,14 1,14 L1,14 Z"/><path class="cast_caf_icon_arch2" d="M1,10 L1,12 C5.97,12 10,16.0 10,21 L12,21 C12,14.92 7.07,10 1,10 L1,10 Z"/><path class="cast_caf_icon_box" d="M21,3 L3,3 C1.9,3 1,3.9 1,5 L1,8 L3,8 L3,5 L21,5 L21,19 L14,19 L14,21 L21,21 C22.1,21 23,20.1 23,19 L23,5 C23,3.9 22.1,3 21,3 L21,3 Z"/><path class="cast_caf_icon_boxfill" d="M5,7 L5,8.63 C8,8.6 13.37,14 13.37,17 L19,17 L19,7 Z"/></g></svg>';function mh(e){return`
    <style>
      :host([${o.MEDIA_IS_CASTING}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${o.MEDIA_IS_CASTING}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${o.MEDIA_IS_CASTING}]) slot[name=tooltip-enter],
      :host(:not([${o.MEDIA_IS_CASTING}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${uh}</slot>
      <slot name="exit">${hh}</slot>
    </slot>
  `}function ph(){return`
    <slot name="tooltip-enter">${u("Start casting")}</slot>
    <slot name="tooltip-exit">${u("Stop casting")}</slot>
  `}var Vd=e=>{let t=e.mediaIsCasting?u("stop casting"):u("start casting");e.setAttribute("aria-label",t)},ca=class extends x{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_IS_CASTING,o.MEDIA_CAST_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),Vd(this)}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),t===o.MEDIA_IS_CASTING&&Vd(this)}get mediaIsCasting(){return g(this,o.MEDIA_IS_CASTING)}set mediaIsCasting(t){_(this,o.MEDIA_IS_CASTING,t)}get mediaCastUnavailable(){return S(this,o.MEDIA_CAST_UNAVAILABLE)}set mediaCastUnavailable(t){T(this,o.MEDIA_CAST_UNAVAILABLE,t)}handleClick(){let t=this.mediaIsCasting?h.MEDIA_EXIT_CAST_REQUEST:h.MEDIA_ENTER_CAST_REQUEST;this.dispatchEvent(new n.CustomEvent(t,{composed:!0,bubbles:!0}))}};ca.getSlotTemplateHTML=mh;ca.getTooltipContentHTML=ph;n.customElements.get("media-cast-button")||n.customElements.define("media-cast-button",ca);var Ys=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},G=(e,t,i)=>(Ys(e,t,"read from private field"),i?i.call(e):t.get(e)),et=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},ve=(e,t,i,a)=>(Ys(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),Mt=(e,t,i)=>(Ys(e,t,"access private method"),i),Ut,Gr,Pr,Nr,Lt,Vr,Hr,Br,Wr,Qs,Kd,$r,$s,Fr,Fs,Kr,zs,Vs,Gd,Ks,qd,Gs,Yd,qs,Qd;function Eh(e){return`
    <style>
      :host {
        --_focus-box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        --_media-range-padding: var(--media-range-padding, var(--media-control-padding, 10px));

        box-shadow: var(--_focus-visible-box-shadow, none);
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        height: calc(var(--media-control-height, 24px) + 2 * var(--_media-range-padding));
        display: inline-flex;
        align-items: center;
        
        vertical-align: middle;
        box-sizing: border-box;
        position: relative;
        width: 100px;
        transition: background .15s linear;
        cursor: var(--media-cursor, pointer);
        pointer-events: auto;
        touch-action: none; 
      }

      
      input[type=range]:focus {
        outline: 0;
      }
      input[type=range]:focus::-webkit-slider-runnable-track {
        outline: 0;
      }

      :host(:hover) {
        background: var(--media-control-hover-background, rgb(50 50 70 / .7));
      }

      #leftgap {
        padding-left: var(--media-range-padding-left, var(--_media-range-padding));
      }

      #rightgap {
        padding-right: var(--media-range-padding-right, var(--_media-range-padding));
      }

      #startpoint,
      #endpoint {
        position: absolute;
      }

      #endpoint {
        right: 0;
      }

      #container {
        
        width: var(--media-range-track-width, 100%);
        transform: translate(var(--media-range-track-translate-x, 0px), var(--media-range-track-translate-y, 0px));
        position: relative;
        height: 100%;
        display: flex;
        align-items: center;
        min-width: 40px;
      }

      #range {
        
        display: var(--media-time-range-hover-display, block);
        bottom: var(--media-time-range-hover-bottom, 0);
        height: var(--media-time-range-hover-height, max(100% , 25px));
        width: 100%;
        position: absolute;
        cursor: var(--media-cursor, pointer);

        -webkit-appearance: none; 
        -webkit-tap-highlight-color: transparent;
        background: transparent; 
        margin: 0;
        z-index: 1;
      }

      @media (hover: hover) {
        #range {
          bottom: var(--media-time-range-hover-bottom, 0);
          height: var(--media-time-range-hover-height, max(100%, 20px));
        }
      }

      
      
      #range::-webkit-slider-thumb {
        -webkit-appearance: none;
        background: transparent;
        width: .1px;
        height: .1px;
      }

      
      #range::-moz-range-thumb {
        background: transparent;
        border: transparent;
        width: .1px;
        height: .1px;
      }

      #appearance {
        height: var(--media-range-track-height, 4px);
        display: flex;
        flex-direction: column;
        justify-content: center;
        width: 100%;
        position: absolute;
        
        will-change: transform;
      }

      #track {
        background: var(--media-range-track-background, rgb(255 255 255 / .2));
        border-radius: var(--media-range-track-border-radius, 1px);
        border: var(--media-range-track-border, none);
        outline: var(--media-range-track-outline);
        outline-offset: var(--media-range-track-outline-offset);
        backdrop-filter: var(--media-range-track-backdrop-filter);
        -webkit-backdrop-filter: var(--media-range-track-backdrop-filter);
        box-shadow: var(--media-range-track-box-shadow, none);
        position: absolute;
        width: 100%;
        height: 100%;
        overflow: hidden;
      }

      #progress,
      #pointer {
        position: absolute;
        height: 100%;
        will-change: width;
      }

      #progress {
        background: var(--media-range-bar-color, var(--media-primary-color, rgb(238 238 238)));
        transition: var(--media-range-track-transition);
      }

      #pointer {
        background: var(--media-range-track-pointer-background);
        border-right: var(--media-range-track-pointer-border-right);
        transition: visibility .25s, opacity .25s;
        visibility: hidden;
        opacity: 0;
      }

      @media (hover: hover) {
        :host(:hover) #pointer {
          transition: visibility .5s, opacity .5s;
          visibility: visible;
          opacity: 1;
        }
      }

      #thumb,
      ::slotted([slot=thumb]) {
        width: var(--media-range-thumb-width, 10px);
        height: var(--media-range-thumb-height, 10px);
        transition: var(--media-range-thumb-transition);
        transform: var(--media-range-thumb-transform, none);
        opacity: var(--media-range-thumb-opacity, 1);
        translate: -50%;
        position: absolute;
        left: 0;
        cursor: var(--media-cursor, pointer);
      }

      #thumb {
        border-radius: var(--media-range-thumb-border-radius, 10px);
        background: var(--media-range-thumb-background, var(--media-primary-color, rgb(238 238 238)));
        box-shadow: var(--media-range-thumb-box-shadow, 1px 1px 1px transparent);
        border: var(--media-range-thumb-border, none);
      }

      :host([disabled]) #thumb {
        background-color: #777;
      }

      .segments #appearance {
        height: var(--media-range-segment-hover-height, 7px);
      }

      #track {
        clip-path: url(#segments-clipping);
      }

      #segments {
        --segments-gap: var(--media-range-segments-gap, 2px);
        position: absolute;
        width: 100%;
        height: 100%;
      }

      #segments-clipping {
        transform: translateX(calc(var(--segments-gap) / 2));
      }

      #segments-clipping:empty {
        display: none;
      }

      #segments-clipping rect {
        height: var(--media-range-track-height, 4px);
        y: calc((var(--media-range-segment-hover-height, 7px) - var(--media-range-track-height, 4px)) / 2);
        transition: var(--media-range-segment-transition, transform .1s ease-in-out);
        transform: var(--media-range-segment-transform, scaleY(1));
        transform-origin: center;
      }

      /* Visible label for accessibility - positioned off-screen but technically visible (Firefox requires visible labels) */
      #range-label {
        position: absolute;
        left: -10000px;
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        pointer-events: none;
      }
    </style>
    <div id="leftgap"></div>
    <div id="container">
      <div id="startpoint"></div>
      <div id="endpoint"></div>
      <div id="appearance">
        <div id="track" part="track">
          <div id="pointer"></div>
          <div id="progress" part="progress"></div>
        </div>
        <slot name="thumb">
          <div id="thumb" part="thumb"></div>
        </slot>
        <svg id="segments" aria-hidden="true"><clipPath id="segments-clipping"></clipPath></svg>
      </div>
        <input id="range" type="range" min="0" max="1" step="any" value="0">
        <label for="range" id="range-label"></label>

      ${this.getContainerTemplateHTML(e)}
    </div>
    <div id="rightgap"></div>
  `}function vh(e){return""}var Pt=class extends n.HTMLElement{constructor(){if(super(),et(this,Qs),et(this,$r),et(this,Fr),et(this,Kr),et(this,Vs),et(this,Ks),et(this,Gs),et(this,qs),et(this,Ut,void 0),et(this,Gr,void 0),et(this,Pr,void 0),et(this,Nr,void 0),et(this,Lt,{}),et(this,Vr,[]),et(this,Hr,()=>{if(this.range.matches(":focus-visible")){let{style:t}=B(this.shadowRoot,":host");t.setProperty("--_focus-visible-box-shadow","var(--_focus-box-shadow)")}}),et(this,Br,()=>{let{style:t}=B(this.shadowRoot,":host");t.removeProperty("--_focus-visible-box-shadow")}),et(this,Wr,()=>{let t=this.shadowRoot.querySelector("#segments-clipping");t&&t.parentNode.append(t)}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let t=$(this.attributes),i=this.constructor.getTemplateHTML(t);W(this.shadowRoot,i)}this.container=this.shadowRoot.querySelector("#container"),ve(this,Pr,this.shadowRoot.querySelector("#startpoint")),ve(this,Nr,this.shadowRoot.querySelector("#endpoint")),this.range=this.shadowRoot.querySelector("#range"),this.appearance=this.shadowRoot.querySelector("#appearance")}static get observedAttributes(){return["disabled","aria-disabled",M.MEDIA_CONTROLLER]}attributeChangedCallback(t,i,a){var r,s,l,d,c;t===M.MEDIA_CONTROLLER?(i&&((s=(r=G(this,Ut))==null?void 0:r.unassociateElement)==null||s.call(r,this),ve(this,Ut,null)),a&&this.isConnected&&(ve(this,Ut,(l=this.getRootNode())==null?void 0:l.getElementById(a)),(c=(d=G(this,Ut))==null?void 0:d.associateElement)==null||c.call(d,this))):(t==="disabled"||t==="aria-disabled"&&i!==a)&&(a==null?(this.range.removeAttribute(t),Mt(this,$r,$s).call(this)):(this.range.setAttribute(t,a),Mt(this,Fr,Fs).call(this)))}connectedCallback(){var t,i,a;let{style:r}=B(this.shadowRoot,":host");r.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`),G(this,Lt).pointer=B(this.shadowRoot,"#pointer"),G(this,Lt).progress=B(this.shadowRoot,"#progress"),G(this,Lt).thumb=B(this.shadowRoot,'#thumb, ::slotted([slot="thumb"])'),G(this,Lt).activeSegment=B(this.shadowRoot,"#segments-clipping rect:nth-child(0)");let s=this.getAttribute(M.MEDIA_CONTROLLER);s&&(ve(this,Ut,(t=this.getRootNode())==null?void 0:t.getElementById(s)),(a=(i=G(this,Ut))==null?void 0:i.associateElement)==null||a.call(i,this)),this.updateBar(),this.shadowRoot.addEventListener("focusin",G(this,Hr)),this.shadowRoot.addEventListener("focusout",G(this,Br)),Mt(this,$r,$s).call(this),jt(this.container,G(this,Wr))}disconnectedCallback(){var t,i;Mt(this,Fr,Fs).call(this),(i=(t=G(this,Ut))==null?void 0:t.unassociateElement)==null||i.call(t,this),ve(this,Ut,null),this.shadowRoot.removeEventListener("focusin",G(this,Hr)),this.shadowRoot.removeEventListener("focusout",G(this,Br)),te(this.container,G(this,Wr))}updatePointerBar(t){var i;(i=G(this,Lt).pointer)==null||i.style.setProperty("width",`${this.getPointerRatio(t)*100}%`)}updateBar(){var t,i;let a=this.range.valueAsNumber*100;(t=G(this,Lt).progress)==null||t.style.setProperty("width",`${a}%`),(i=G(this,Lt).thumb)==null||i.style.setProperty("left",`${a}%`)}updateSegments(t){let i=this.shadowRoot.querySelector("#segments-clipping");if(i.textContent="",this.container.classList.toggle("segments",!!t?.length),!t?.length)return;let a=[...new Set([+this.range.min,...t.flatMap(s=>[s.start,s.end]),+this.range.max])];ve(this,Vr,[...a]);let r=a.pop();for(let[s,l]of a.entries()){let[d,c]=[s===0,s===a.length-1],A=d?"calc(var(--segments-gap) / -1)":`${l*100}%`,I=`calc(${((c?r:a[s+1])-l)*100}%${d||c?"":" - var(--segments-gap)"})`,f=F.createElementNS("http://www.w3.org/2000/svg","rect"),p=zi(this.shadowRoot,`#segments-clipping rect:nth-child(${s+1})`);p.style.setProperty("x",A),p.style.setProperty("width",I),i.append(f)}}getPointerRatio(t){return Jl(t.clientX,t.clientY,G(this,Pr).getBoundingClientRect(),G(this,Nr).getBoundingClientRect())}get dragging(){return this.hasAttribute("dragging")}handleEvent(t){switch(t.type){case"pointermove":Mt(this,qs,Qd).call(this,t);break;case"input":this.updateBar();break;case"pointerenter":Mt(this,Vs,Gd).call(this,t);break;case"pointerdown":Mt(this,Kr,zs).call(this,t);break;case"pointerup":Mt(this,Ks,qd).call(this);break;case"pointerleave":Mt(this,Gs,Yd).call(this);break}}get keysUsed(){return["ArrowUp","ArrowRight","ArrowDown","ArrowLeft"]}};Ut=new WeakMap;Gr=new WeakMap;Pr=new WeakMap;Nr=new WeakMap;Lt=new WeakMap;Vr=new WeakMap;Hr=new WeakMap;Br=new WeakMap;Wr=new WeakMap;Qs=new WeakSet;Kd=function(e){let t=G(this,Lt).activeSegment;if(!t)return;let i=this.getPointerRatio(e),r=`#segments-clipping rect:nth-child(${G(this,Vr).findIndex((s,l,d)=>{let c=d[l+1];return c!=null&&i>=s&&i<=c})+1})`;(t.selectorText!=r||!t.style.transform)&&(t.selectorText=r,t.style.setProperty("transform","var(--media-range-segment-hover-transform, scaleY(2))"))};$r=new WeakSet;$s=function(){this.hasAttribute("disabled")||!this.isConnected||(this.addEventListener("input",this),this.addEventListener("pointerdown",this),this.addEventListener("pointerenter",this))};Fr=new WeakSet;Fs=function(){var e,t;this.removeEventListener("input",this),this.removeEventListener("pointerdown",this),this.removeEventListener("pointerenter",this),this.removeEventListener("pointerleave",this),(e=n.window)==null||e.removeEventListener("pointerup",this),(t=n.window)==null||t.removeEventListener("pointermove",this)};Kr=new WeakSet;zs=function(e){var t;ve(this,Gr,e.composedPath().includes(this.range)),(t=n.window)==null||t.addEventListener("pointerup",this,{once:!0})};Vs=new WeakSet;Gd=function(e){var t;e.pointerType!=="mouse"&&Mt(this,Kr,zs).call(this,e),this.addEventListener("pointerleave",this,{once:!0}),(t=n.window)==null||t.addEventListener("pointermove",this)};Ks=new WeakSet;qd=function(){var e;(e=n.window)==null||e.removeEventListener("pointerup",this),this.toggleAttribute("dragging",!1),this.range.disabled=this.hasAttribute("disabled")};Gs=new WeakSet;Yd=function(){var e,t;this.removeEventListener("pointerleave",this),(e=n.window)==null||e.removeEventListener("pointermove",this),this.toggleAttribute("dragging",!1),this.range.disabled=this.hasAttribute("disabled"),(t=G(this,Lt).activeSegment)==null||t.style.removeProperty("transform")};qs=new WeakSet;Qd=function(e){e.pointerType==="pen"&&e.buttons===0||(this.toggleAttribute("dragging",e.buttons===1||e.pointerType!=="mouse"),this.updatePointerBar(e),Mt(this,Qs,Kd).call(this,e),this.dragging&&(e.pointerType!=="mouse"||!G(this,Gr))&&(this.range.disabled=!0,this.range.valueAsNumber=this.getPointerRatio(e),this.range.dispatchEvent(new Event("input",{bubbles:!0,composed:!0}))))};Pt.shadowRootOptions={mode:"open"};Pt.getTemplateHTML=Eh;Pt.getContainerTemplateHTML=vh;n.customElements.get("media-chrome-range")||n.customElements.define("media-chrome-range",Pt);var zd=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},qr=(e,t,i)=>(zd(e,t,"read from private field"),i?i.call(e):t.get(e)),fh=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},Yr=(e,t,i,a)=>(zd(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),Nt;function gh(e){return`
    <style>
      :host {
        
        box-sizing: border-box;
        display: var(--media-control-display, var(--media-control-bar-display, inline-flex));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        --media-loading-indicator-icon-height: 44px;
      }

      ::slotted(media-time-range),
      ::slotted(media-volume-range) {
        min-height: 100%;
      }

      ::slotted(media-time-range),
      ::slotted(media-clip-selector) {
        flex-grow: 1;
      }

      ::slotted([role="menu"]) {
        position: absolute;
      }
    </style>

    <slot></slot>
  `}var ua=class extends n.HTMLElement{constructor(){if(super(),fh(this,Nt,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let t=$(this.attributes);W(this.shadowRoot,this.constructor.getTemplateHTML(t))}}static get observedAttributes(){return[M.MEDIA_CONTROLLER]}attributeChangedCallback(t,i,a){var r,s,l,d,c;t===M.MEDIA_CONTROLLER&&(i&&((s=(r=qr(this,Nt))==null?void 0:r.unassociateElement)==null||s.call(r,this),Yr(this,Nt,null)),a&&this.isConnected&&(Yr(this,Nt,(l=this.getRootNode())==null?void 0:l.getElementById(a)),(c=(d=qr(this,Nt))==null?void 0:d.associateElement)==null||c.call(d,this)))}connectedCallback(){var t,i,a;let r=this.getAttribute(M.MEDIA_CONTROLLER);r&&(Yr(this,Nt,(t=this.getRootNode())==null?void 0:t.getElementById(r)),(a=(i=qr(this,Nt))==null?void 0:i.associateElement)==null||a.call(i,this))}disconnectedCallback(){var t,i;(i=(t=qr(this,Nt))==null?void 0:t.unassociateElement)==null||i.call(t,this),Yr(this,Nt,null)}};Nt=new WeakMap;ua.shadowRootOptions={mode:"open"};ua.getTemplateHTML=gh;n.customElements.get("media-control-bar")||n.customElements.define("media-control-bar",ua);var Zd=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},Qr=(e,t,i)=>(Zd(e,t,"read from private field"),i?i.call(e):t.get(e)),_h=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},zr=(e,t,i,a)=>(Zd(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),Ht;function bh(e,t={}){return`
    <style>
      :host {
        font: var(--media-font,
          var(--media-font-weight, normal)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        background: var(--media-text-background, var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7))));
        padding: var(--media-control-padding, 10px);
        display: inline-flex;
        justify-content: center;
        align-items: center;
        vertical-align: middle;
        box-sizing: border-box;
        text-align: center;
        pointer-events: auto;
      }

      
      :host(:focus-visible) {
        box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        outline: 0;
      }

      
      :host(:where(:focus)) {
        box-shadow: none;
        outline: 0;
      }
    </style>

    ${this.getSlotTemplateHTML(e,t)}
  `}function Ah(e,t){return`
    <slot></slot>
  `}var lt=class extends n.HTMLElement{constructor(){if(super(),_h(this,Ht,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let t=$(this.attributes);W(this.shadowRoot,this.constructor.getTemplateHTML(t))}}static get observedAttributes(){return[M.MEDIA_CONTROLLER]}attributeChangedCallback(t,i,a){var r,s,l,d,c;t===M.MEDIA_CONTROLLER&&(i&&((s=(r=Qr(this,Ht))==null?void 0:r.unassociateElement)==null||s.call(r,this),zr(this,Ht,null)),a&&this.isConnected&&(zr(this,Ht,(l=this.getRootNode())==null?void 0:l.getElementById(a)),(c=(d=Qr(this,Ht))==null?void 0:d.associateElement)==null||c.call(d,this)))}connectedCallback(){var t,i,a;let{style:r}=B(this.shadowRoot,":host");r.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`);let s=this.getAttribute(M.MEDIA_CONTROLLER);s&&(zr(this,Ht,(t=this.getRootNode())==null?void 0:t.getElementById(s)),(a=(i=Qr(this,Ht))==null?void 0:i.associateElement)==null||a.call(i,this))}disconnectedCallback(){var t,i;(i=(t=Qr(this,Ht))==null?void 0:t.unassociateElement)==null||i.call(t,this),zr(this,Ht,null)}};Ht=new WeakMap;lt.shadowRootOptions={mode:"open"};lt.getTemplateHTML=bh;lt.getSlotTemplateHTML=Ah;n.customElements.get("media-text-display")||n.customElements.define("media-text-display",lt);var Jd=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},Xd=(e,t,i)=>(Jd(e,t,"read from private field"),i?i.call(e):t.get(e)),Th=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},Sh=(e,t,i,a)=>(Jd(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),ha;function kh(e,t){return`
    <slot>${Tt(t.mediaDuration)}</slot>
  `}var Zr=class extends lt{constructor(){var t;super(),Th(this,ha,void 0),Sh(this,ha,this.shadowRoot.querySelector("slot")),Xd(this,ha).textContent=Tt((t=this.mediaDuration)!=null?t:0)}static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_DURATION]}attributeChangedCallback(t,i,a){t===o.MEDIA_DURATION&&(Xd(this,ha).textContent=Tt(+a)),super.attributeChangedCallback(t,i,a)}get mediaDuration(){return w(this,o.MEDIA_DURATION)}set mediaDuration(t){R(this,o.MEDIA_DURATION,t)}};ha=new WeakMap;Zr.getSlotTemplateHTML=kh;n.customElements.get("media-duration-display")||n.customElements.define("media-duration-display",Zr);var Ih={2:u("Network Error"),3:u("Decode Error"),4:u("Source Not Supported"),5:u("Encryption Error")},yh={2:u("A network error caused the media download to fail."),3:u("A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format."),4:u("An unsupported error occurred. The server or network failed, or your browser does not support this format."),5:u("The media is encrypted and there are no keys to decrypt it.")},Xr=e=>{var t,i;return e.code===1?null:{title:(t=Ih[e.code])!=null?t:`Error ${e.code}`,message:(i=yh[e.code])!=null?i:e.message}};var tc=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},Mh=(e,t,i)=>(tc(e,t,"read from private field"),i?i.call(e):t.get(e)),Lh=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},wh=(e,t,i,a)=>(tc(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),Jr;function Ch(e){let t=+e.mediaerrorcode;return`
    <style>
      :host {
        background: rgb(20 20 30 / .8);
      }

      #content {
        display: block;
        padding: 1.2em 1.5em;
      }

      h3,
      p {
        margin-block: 0 .3em;
      }
    </style>
    <slot name="error-${t}" id="content">
      ${ec({code:t,message:e.mediaerrormessage})}
    </slot>
  `}function Rh(e){return e.code&&Xr(e)!==null}function ec(e){var t;let{title:i,message:a}=(t=Xr(e))!=null?t:{},r=ir(e.code),s="";return i&&(s+=`<slot name="error-${r}-title"><h3>${ir(i)}</h3></slot>`),a&&(s+=`<slot name="error-${r}-message"><p>${ir(a)}</p></slot>`),s}var jd=[o.MEDIA_ERROR_CODE,o.MEDIA_ERROR_MESSAGE],ma=class extends Dt{constructor(){super(...arguments),Lh(this,Jr,null)}static get observedAttributes(){return[...super.observedAttributes,...jd]}formatErrorMessage(t){return this.constructor.formatErrorMessage(t)}attributeChangedCallback(t,i,a){var r;if(super.attributeChangedCallback(t,i,a),!jd.includes(t))return;let s=(r=this.mediaError)!=null?r:{code:this.mediaErrorCode,message:this.mediaErrorMessage};if(this.open=Rh(s),this.open&&(this.shadowRoot.querySelector("slot").name=`error-${this.mediaErrorCode}`,this.shadowRoot.querySelector("#content").innerHTML=this.formatErrorMessage(s),!this.hasAttribute("aria-label"))){let{title:l}=Xr(s);l&&this.setAttribute("aria-label",l)}}get mediaError(){return Mh(this,Jr)}set mediaError(t){wh(this,Jr,t)}get mediaErrorCode(){return w(this,"mediaerrorcode")}set mediaErrorCode(t){R(this,"mediaerrorcode",t)}get mediaErrorMessage(){return S(this,"mediaerrormessage")}set mediaErrorMessage(t){T(this,"mediaerrormessage",t)}};Jr=new WeakMap;ma.getSlotTemplateHTML=Ch;ma.formatErrorMessage=ec;n.customElements.get("media-error-dialog")||n.customElements.define("media-error-dialog",ma);var ac=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},Dh=(e,t,i)=>(ac(e,t,"read from private field"),i?i.call(e):t.get(e)),xh=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},Oh=(e,t,i,a)=>(ac(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),jr,Uh=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M16 3v2.5h3.5V9H22V3h-6ZM4 9h2.5V5.5H10V3H4v6Zm15.5 9.5H16V21h6v-6h-2.5v3.5ZM6.5 15H4v6h6v-2.5H6.5V15Z"/>
</svg>`,Ph=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M18.5 6.5V3H16v6h6V6.5h-3.5ZM16 21h2.5v-3.5H22V15h-6v6ZM4 17.5h3.5V21H10v-6H4v2.5Zm3.5-11H4V9h6V3H7.5v3.5Z"/>
</svg>`;function Nh(e){return`
    <style>
      :host([${o.MEDIA_IS_FULLSCREEN}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${o.MEDIA_IS_FULLSCREEN}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${o.MEDIA_IS_FULLSCREEN}]) slot[name=tooltip-enter],
      :host(:not([${o.MEDIA_IS_FULLSCREEN}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${Uh}</slot>
      <slot name="exit">${Ph}</slot>
    </slot>
  `}function Hh(){return`
    <slot name="tooltip-enter">${u("Enter fullscreen mode")}</slot>
    <slot name="tooltip-exit">${u("Exit fullscreen mode")}</slot>
  `}var ic=e=>{let t=e.mediaIsFullscreen?u("exit fullscreen mode"):u("enter fullscreen mode");e.setAttribute("aria-label",t)},pa=class extends x{constructor(){super(...arguments),xh(this,jr,null)}static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_IS_FULLSCREEN,o.MEDIA_FULLSCREEN_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),ic(this)}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),t===o.MEDIA_IS_FULLSCREEN&&ic(this)}get mediaFullscreenUnavailable(){return S(this,o.MEDIA_FULLSCREEN_UNAVAILABLE)}set mediaFullscreenUnavailable(t){T(this,o.MEDIA_FULLSCREEN_UNAVAILABLE,t)}get mediaIsFullscreen(){return g(this,o.MEDIA_IS_FULLSCREEN)}set mediaIsFullscreen(t){_(this,o.MEDIA_IS_FULLSCREEN,t)}handleClick(t){Oh(this,jr,t);let i=Dh(this,jr)instanceof PointerEvent,a=this.mediaIsFullscreen?new n.CustomEvent(h.MEDIA_EXIT_FULLSCREEN_REQUEST,{composed:!0,bubbles:!0}):new n.CustomEvent(h.MEDIA_ENTER_FULLSCREEN_REQUEST,{composed:!0,bubbles:!0,detail:i});this.dispatchEvent(a)}};jr=new WeakMap;pa.getSlotTemplateHTML=Nh;pa.getTooltipContentHTML=Hh;n.customElements.get("media-fullscreen-button")||n.customElements.define("media-fullscreen-button",pa);var{MEDIA_TIME_IS_LIVE:to,MEDIA_PAUSED:Ea}=o,{MEDIA_SEEK_TO_LIVE_REQUEST:Bh,MEDIA_PLAY_REQUEST:Wh}=h,$h='<svg viewBox="0 0 6 12" aria-hidden="true"><circle cx="3" cy="6" r="2"></circle></svg>';function Fh(e){return`
    <style>
      :host { --media-tooltip-display: none; }
      
      slot[name=indicator] > *,
      :host ::slotted([slot=indicator]) {
        
        min-width: auto;
        fill: var(--media-live-button-icon-color, rgb(140, 140, 140));
        color: var(--media-live-button-icon-color, rgb(140, 140, 140));
      }

      :host([${to}]:not([${Ea}])) slot[name=indicator] > *,
      :host([${to}]:not([${Ea}])) ::slotted([slot=indicator]) {
        fill: var(--media-live-button-indicator-color, rgb(255, 0, 0));
        color: var(--media-live-button-indicator-color, rgb(255, 0, 0));
      }

      :host([${to}]:not([${Ea}])) {
        cursor: var(--media-cursor, not-allowed);
      }

      slot[name=text]{
        text-transform: uppercase;
      }

    </style>

    <slot name="indicator">${$h}</slot>
    
    <slot name="spacer">&nbsp;</slot><slot name="text">${u("live")}</slot>
  `}var rc=e=>{var t;let i=e.mediaPaused||!e.mediaTimeIsLive,a=i?u("seek to live"):u("playing live");e.setAttribute("aria-label",a);let r=(t=e.shadowRoot)==null?void 0:t.querySelector('slot[name="text"]');r&&(r.textContent=u("live")),i?e.removeAttribute("aria-disabled"):e.setAttribute("aria-disabled","true")},eo=class extends x{static get observedAttributes(){return[...super.observedAttributes,to,Ea]}connectedCallback(){super.connectedCallback(),rc(this)}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),rc(this)}get mediaPaused(){return g(this,o.MEDIA_PAUSED)}set mediaPaused(t){_(this,o.MEDIA_PAUSED,t)}get mediaTimeIsLive(){return g(this,o.MEDIA_TIME_IS_LIVE)}set mediaTimeIsLive(t){_(this,o.MEDIA_TIME_IS_LIVE,t)}handleClick(){!this.mediaPaused&&this.mediaTimeIsLive||(this.dispatchEvent(new n.CustomEvent(Bh,{composed:!0,bubbles:!0})),this.hasAttribute(Ea)&&this.dispatchEvent(new n.CustomEvent(Wh,{composed:!0,bubbles:!0})))}};eo.getSlotTemplateHTML=Fh;n.customElements.get("media-live-button")||n.customElements.define("media-live-button",eo);var sc=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},va=(e,t,i)=>(sc(e,t,"read from private field"),i?i.call(e):t.get(e)),oc=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},fa=(e,t,i,a)=>(sc(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),Bt,ao,io={LOADING_DELAY:"loadingdelay",NO_AUTOHIDE:"noautohide"},nc=500,Vh=`
<svg aria-hidden="true" viewBox="0 0 100 100">
  <path d="M73,50c0-12.7-10.3-23-23-23S27,37.3,27,50 M30.9,50c0-10.5,8.5-19.1,19.1-19.1S69.1,39.5,69.1,50">
    <animateTransform
       attributeName="transform"
       attributeType="XML"
       type="rotate"
       dur="1s"
       from="0 50 50"
       to="360 50 50"
       repeatCount="indefinite" />
  </path>
</svg>
`;function Kh(e){return`
    <style>
      :host {
        display: var(--media-control-display, var(--media-loading-indicator-display, inline-block));
        vertical-align: middle;
        box-sizing: border-box;
        --_loading-indicator-delay: var(--media-loading-indicator-transition-delay, ${nc}ms);
      }

      #status {
        color: rgba(0,0,0,0);
        width: 0px;
        height: 0px;
      }

      :host slot[name=icon] > *,
      :host ::slotted([slot=icon]) {
        opacity: var(--media-loading-indicator-opacity, 0);
        transition: opacity 0.15s;
      }

      :host([${o.MEDIA_LOADING}]:not([${o.MEDIA_PAUSED}])) slot[name=icon] > *,
      :host([${o.MEDIA_LOADING}]:not([${o.MEDIA_PAUSED}])) ::slotted([slot=icon]) {
        opacity: var(--media-loading-indicator-opacity, 1);
        transition: opacity 0.15s var(--_loading-indicator-delay);
      }

      :host #status {
        visibility: var(--media-loading-indicator-opacity, hidden);
        transition: visibility 0.15s;
      }

      :host([${o.MEDIA_LOADING}]:not([${o.MEDIA_PAUSED}])) #status {
        visibility: var(--media-loading-indicator-opacity, visible);
        transition: visibility 0.15s var(--_loading-indicator-delay);
      }

      svg, img, ::slotted(svg), ::slotted(img) {
        width: var(--media-loading-indicator-icon-width);
        height: var(--media-loading-indicator-icon-height, 100px);
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        vertical-align: middle;
      }
    </style>

    <slot name="icon">${Vh}</slot>
    <div id="status" role="status" aria-live="polite">${u("media loading")}</div>
  `}var ga=class extends n.HTMLElement{constructor(){if(super(),oc(this,Bt,void 0),oc(this,ao,nc),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let t=$(this.attributes);W(this.shadowRoot,this.constructor.getTemplateHTML(t))}}static get observedAttributes(){return[M.MEDIA_CONTROLLER,o.MEDIA_PAUSED,o.MEDIA_LOADING,io.LOADING_DELAY]}attributeChangedCallback(t,i,a){var r,s,l,d,c;t===io.LOADING_DELAY&&i!==a?this.loadingDelay=Number(a):t===M.MEDIA_CONTROLLER&&(i&&((s=(r=va(this,Bt))==null?void 0:r.unassociateElement)==null||s.call(r,this),fa(this,Bt,null)),a&&this.isConnected&&(fa(this,Bt,(l=this.getRootNode())==null?void 0:l.getElementById(a)),(c=(d=va(this,Bt))==null?void 0:d.associateElement)==null||c.call(d,this)))}connectedCallback(){var t,i,a;let r=this.getAttribute(M.MEDIA_CONTROLLER);r&&(fa(this,Bt,(t=this.getRootNode())==null?void 0:t.getElementById(r)),(a=(i=va(this,Bt))==null?void 0:i.associateElement)==null||a.call(i,this))}disconnectedCallback(){var t,i;(i=(t=va(this,Bt))==null?void 0:t.unassociateElement)==null||i.call(t,this),fa(this,Bt,null)}get loadingDelay(){return va(this,ao)}set loadingDelay(t){fa(this,ao,t);let{style:i}=B(this.shadowRoot,":host");i.setProperty("--_loading-indicator-delay",`var(--media-loading-indicator-transition-delay, ${t}ms)`)}get mediaPaused(){return g(this,o.MEDIA_PAUSED)}set mediaPaused(t){_(this,o.MEDIA_PAUSED,t)}get mediaLoading(){return g(this,o.MEDIA_LOADING)}set mediaLoading(t){_(this,o.MEDIA_LOADING,t)}get mediaController(){return S(this,M.MEDIA_CONTROLLER)}set mediaController(t){T(this,M.MEDIA_CONTROLLER,t)}get noAutohide(){return g(this,io.NO_AUTOHIDE)}set noAutohide(t){_(this,io.NO_AUTOHIDE,t)}};Bt=new WeakMap;ao=new WeakMap;ga.shadowRootOptions={mode:"open"};ga.getTemplateHTML=Kh;n.customElements.get("media-loading-indicator")||n.customElements.define("media-loading-indicator",ga);var Gh=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M16.5 12A4.5 4.5 0 0 0 14 8v2.18l2.45 2.45a4.22 4.22 0 0 0 .05-.63Zm2.5 0a6.84 6.84 0 0 1-.54 2.64L20 16.15A8.8 8.8 0 0 0 21 12a9 9 0 0 0-7-8.77v2.06A7 7 0 0 1 19 12ZM4.27 3 3 4.27 7.73 9H3v6h4l5 5v-6.73l4.25 4.25A6.92 6.92 0 0 1 14 18.7v2.06A9 9 0 0 0 17.69 19l2 2.05L21 19.73l-9-9L4.27 3ZM12 4 9.91 6.09 12 8.18V4Z"/>
</svg>`,lc=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M3 9v6h4l5 5V4L7 9H3Zm13.5 3A4.5 4.5 0 0 0 14 8v8a4.47 4.47 0 0 0 2.5-4Z"/>
</svg>`,qh=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M3 9v6h4l5 5V4L7 9H3Zm13.5 3A4.5 4.5 0 0 0 14 8v8a4.47 4.47 0 0 0 2.5-4ZM14 3.23v2.06a7 7 0 0 1 0 13.42v2.06a9 9 0 0 0 0-17.54Z"/>
</svg>`;function Yh(e){return`
    <style>
      :host(:not([${o.MEDIA_VOLUME_LEVEL}])) slot[name=icon] slot:not([name=high]),
      :host([${o.MEDIA_VOLUME_LEVEL}=high]) slot[name=icon] slot:not([name=high]) {
        display: none !important;
      }

      :host([${o.MEDIA_VOLUME_LEVEL}=off]) slot[name=icon] slot:not([name=off]) {
        display: none !important;
      }

      :host([${o.MEDIA_VOLUME_LEVEL}=low]) slot[name=icon] slot:not([name=low]) {
        display: none !important;
      }

      :host([${o.MEDIA_VOLUME_LEVEL}=medium]) slot[name=icon] slot:not([name=medium]) {
        display: none !important;
      }

      :host(:not([${o.MEDIA_VOLUME_LEVEL}=off])) slot[name=tooltip-unmute],
      :host([${o.MEDIA_VOLUME_LEVEL}=off]) slot[name=tooltip-mute] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="off">${Gh}</slot>
      <slot name="low">${lc}</slot>
      <slot name="medium">${lc}</slot>
      <slot name="high">${qh}</slot>
    </slot>
  `}function Qh(){return`
    <slot name="tooltip-mute">${u("Mute")}</slot>
    <slot name="tooltip-unmute">${u("Unmute")}</slot>
  `}var dc=e=>{let i=e.mediaVolumeLevel==="off"?u("unmute"):u("mute");e.setAttribute("aria-label",i)},_a=class extends x{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_VOLUME_LEVEL]}connectedCallback(){super.connectedCallback(),dc(this)}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),t===o.MEDIA_VOLUME_LEVEL&&dc(this)}get mediaVolumeLevel(){return S(this,o.MEDIA_VOLUME_LEVEL)}set mediaVolumeLevel(t){T(this,o.MEDIA_VOLUME_LEVEL,t)}handleClick(){let t=this.mediaVolumeLevel==="off"?h.MEDIA_UNMUTE_REQUEST:h.MEDIA_MUTE_REQUEST;this.dispatchEvent(new n.CustomEvent(t,{composed:!0,bubbles:!0}))}};_a.getSlotTemplateHTML=Yh;_a.getTooltipContentHTML=Qh;n.customElements.get("media-mute-button")||n.customElements.define("media-mute-button",_a);var cc=`<svg aria-hidden="true" viewBox="0 0 28 24">
  <path d="M24 3H4a1 1 0 0 0-1 1v16a1 1 0 0 0 1 1h20a1 1 0 0 0 1-1V4a1 1 0 0 0-1-1Zm-1 16H5V5h18v14Zm-3-8h-7v5h7v-5Z"/>
</svg>`;function zh(e){return`
    <style>
      :host([${o.MEDIA_IS_PIP}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      :host(:not([${o.MEDIA_IS_PIP}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${o.MEDIA_IS_PIP}]) slot[name=tooltip-enter],
      :host(:not([${o.MEDIA_IS_PIP}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${cc}</slot>
      <slot name="exit">${cc}</slot>
    </slot>
  `}function Zh(){return`
    <slot name="tooltip-enter">${u("Enter picture in picture mode")}</slot>
    <slot name="tooltip-exit">${u("Exit picture in picture mode")}</slot>
  `}var uc=e=>{let t=e.mediaIsPip?u("exit picture in picture mode"):u("enter picture in picture mode");e.setAttribute("aria-label",t)},ba=class extends x{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_IS_PIP,o.MEDIA_PIP_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),uc(this)}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),t===o.MEDIA_IS_PIP&&uc(this)}get mediaPipUnavailable(){return S(this,o.MEDIA_PIP_UNAVAILABLE)}set mediaPipUnavailable(t){T(this,o.MEDIA_PIP_UNAVAILABLE,t)}get mediaIsPip(){return g(this,o.MEDIA_IS_PIP)}set mediaIsPip(t){_(this,o.MEDIA_IS_PIP,t)}handleClick(){let t=this.mediaIsPip?h.MEDIA_EXIT_PIP_REQUEST:h.MEDIA_ENTER_PIP_REQUEST;this.dispatchEvent(new n.CustomEvent(t,{composed:!0,bubbles:!0}))}};ba.getSlotTemplateHTML=zh;ba.getTooltipContentHTML=Zh;n.customElements.get("media-pip-button")||n.customElements.define("media-pip-button",ba);var Xh=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},pi=(e,t,i)=>(Xh(e,t,"read from private field"),i?i.call(e):t.get(e)),Jh=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},fe,Zs={RATES:"rates"},Xs=[1,1.2,1.5,1.7,2],Be=1;function Wt(e){return Math.round(e*100)/100}function jh(e){return`
    <style>
      :host {
        min-width: 5ch;
        padding: var(--media-button-padding, var(--media-control-padding, 10px 5px));
      }
    </style>
    <slot name="icon">${e.mediaplaybackrate?Wt(+e.mediaplaybackrate):Be}x</slot>
  `}function tm(){return u("Playback rate")}var Aa=class extends x{constructor(){var t;super(),Jh(this,fe,new he(this,Zs.RATES,{defaultValue:Xs})),this.container=this.shadowRoot.querySelector('slot[name="icon"]'),this.container.innerHTML=`${Wt((t=this.mediaPlaybackRate)!=null?t:Be)}x`}static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_PLAYBACK_RATE,Zs.RATES]}attributeChangedCallback(t,i,a){if(super.attributeChangedCallback(t,i,a),t===Zs.RATES&&(pi(this,fe).value=a),t===o.MEDIA_PLAYBACK_RATE){let r=a?+a:Number.NaN,s=Wt(Number.isNaN(r)?Be:r);this.container.innerHTML=`${s}x`,this.setAttribute("aria-label",u("Playback rate {playbackRate}",{playbackRate:s}))}}get rates(){return pi(this,fe)}set rates(t){t?Array.isArray(t)?pi(this,fe).value=t.join(" "):typeof t=="string"&&(pi(this,fe).value=t):pi(this,fe).value=""}get mediaPlaybackRate(){return w(this,o.MEDIA_PLAYBACK_RATE,Be)}set mediaPlaybackRate(t){R(this,o.MEDIA_PLAYBACK_RATE,t)}handleClick(){var t,i;let a=Array.from(pi(this,fe).values(),l=>+l).sort((l,d)=>l-d),r=(i=(t=a.find(l=>l>this.mediaPlaybackRate))!=null?t:a[0])!=null?i:Be,s=new n.CustomEvent(h.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:r});this.dispatchEvent(s)}};fe=new WeakMap;Aa.getSlotTemplateHTML=jh;Aa.getTooltipContentHTML=tm;n.customElements.get("media-playback-rate-button")||n.customElements.define("media-playback-rate-button",Aa);var em=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="m6 21 15-9L6 3v18Z"/>
</svg>`,im=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M6 20h4V4H6v16Zm8-16v16h4V4h-4Z"/>
</svg>`;function am(e){return`
    <style>
      :host([${o.MEDIA_PAUSED}]) slot[name=pause],
      :host(:not([${o.MEDIA_PAUSED}])) slot[name=play] {
        display: none !important;
      }

      :host([${o.MEDIA_PAUSED}]) slot[name=tooltip-pause],
      :host(:not([${o.MEDIA_PAUSED}])) slot[name=tooltip-play] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="play">${em}</slot>
      <slot name="pause">${im}</slot>
    </slot>
  `}function rm(){return`
    <slot name="tooltip-play">${u("Play")}</slot>
    <slot name="tooltip-pause">${u("Pause")}</slot>
  `}var hc=e=>{let t=e.mediaPaused?u("play"):u("pause");e.setAttribute("aria-label",t)},Ta=class extends x{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_PAUSED,o.MEDIA_ENDED]}connectedCallback(){super.connectedCallback(),hc(this)}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),(t===o.MEDIA_PAUSED||t===o.MEDIA_LANG)&&hc(this)}get mediaPaused(){return g(this,o.MEDIA_PAUSED)}set mediaPaused(t){_(this,o.MEDIA_PAUSED,t)}handleClick(){let t=this.mediaPaused?h.MEDIA_PLAY_REQUEST:h.MEDIA_PAUSE_REQUEST;this.dispatchEvent(new n.CustomEvent(t,{composed:!0,bubbles:!0}))}};Ta.getSlotTemplateHTML=am;Ta.getTooltipContentHTML=rm;n.customElements.get("media-play-button")||n.customElements.define("media-play-button",Ta);var $t={PLACEHOLDER_SRC:"placeholdersrc",SRC:"src"};function om(e){return`
    <style>
      :host {
        pointer-events: none;
        display: var(--media-poster-image-display, inline-block);
        box-sizing: border-box;
      }

      img {
        max-width: 100%;
        max-height: 100%;
        min-width: 100%;
        min-height: 100%;
        background-repeat: no-repeat;
        background-position: var(--media-poster-image-background-position, var(--media-object-position, center));
        background-size: var(--media-poster-image-background-size, var(--media-object-fit, contain));
        object-fit: var(--media-object-fit, contain);
        object-position: var(--media-object-position, center);
      }
    </style>

    <img part="poster img" aria-hidden="true" id="image"/>
  `}var sm=e=>{e.style.removeProperty("background-image")},nm=(e,t)=>{e.style["background-image"]=`url('${t}')`},Sa=class extends n.HTMLElement{static get observedAttributes(){return[$t.PLACEHOLDER_SRC,$t.SRC]}constructor(){if(super(),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let t=$(this.attributes);W(this.shadowRoot,this.constructor.getTemplateHTML(t))}this.image=this.shadowRoot.querySelector("#image")}attributeChangedCallback(t,i,a){t===$t.SRC&&(a==null?this.image.removeAttribute($t.SRC):this.image.setAttribute($t.SRC,a)),t===$t.PLACEHOLDER_SRC&&(a==null?sm(this.image):nm(this.image,a))}get placeholderSrc(){return S(this,$t.PLACEHOLDER_SRC)}set placeholderSrc(t){T(this,$t.SRC,t)}get src(){return S(this,$t.SRC)}set src(t){T(this,$t.SRC,t)}};Sa.shadowRootOptions={mode:"open"};Sa.getTemplateHTML=om;n.customElements.get("media-poster-image")||n.customElements.define("media-poster-image",Sa);var mc=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},lm=(e,t,i)=>(mc(e,t,"read from private field"),i?i.call(e):t.get(e)),dm=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},cm=(e,t,i,a)=>(mc(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),ro,Js=class extends lt{constructor(){super(),dm(this,ro,void 0),cm(this,ro,this.shadowRoot.querySelector("slot"))}static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_PREVIEW_CHAPTER,o.MEDIA_LANG]}attributeChangedCallback(t,i,a){if(super.attributeChangedCallback(t,i,a),(t===o.MEDIA_PREVIEW_CHAPTER||t===o.MEDIA_LANG)&&a!==i&&a!=null)if(lm(this,ro).textContent=a,a!==""){let r=u("chapter: {chapterName}",{chapterName:a});this.setAttribute("aria-valuetext",r)}else this.removeAttribute("aria-valuetext")}get mediaPreviewChapter(){return S(this,o.MEDIA_PREVIEW_CHAPTER)}set mediaPreviewChapter(t){T(this,o.MEDIA_PREVIEW_CHAPTER,t)}};ro=new WeakMap;n.customElements.get("media-preview-chapter-display")||n.customElements.define("media-preview-chapter-display",Js);var pc=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},oo=(e,t,i)=>(pc(e,t,"read from private field"),i?i.call(e):t.get(e)),um=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},so=(e,t,i,a)=>(pc(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),Ft;function hm(e){return`
    <style>
      :host {
        box-sizing: border-box;
        display: var(--media-control-display, var(--media-preview-thumbnail-display, inline-block));
        overflow: hidden;
      }

      img {
        display: none;
        position: relative;
      }
    </style>
    <img crossorigin loading="eager" decoding="async">
  `}var Ei=class extends n.HTMLElement{constructor(){if(super(),um(this,Ft,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let t=$(this.attributes);W(this.shadowRoot,this.constructor.getTemplateHTML(t))}}static get observedAttributes(){return[M.MEDIA_CONTROLLER,o.MEDIA_PREVIEW_IMAGE,o.MEDIA_PREVIEW_COORDS]}connectedCallback(){var t,i,a;let r=this.getAttribute(M.MEDIA_CONTROLLER);r&&(so(this,Ft,(t=this.getRootNode())==null?void 0:t.getElementById(r)),(a=(i=oo(this,Ft))==null?void 0:i.associateElement)==null||a.call(i,this))}disconnectedCallback(){var t,i;(i=(t=oo(this,Ft))==null?void 0:t.unassociateElement)==null||i.call(t,this),so(this,Ft,null)}attributeChangedCallback(t,i,a){var r,s,l,d,c;[o.MEDIA_PREVIEW_IMAGE,o.MEDIA_PREVIEW_COORDS].includes(t)&&this.update(),t===M.MEDIA_CONTROLLER&&(i&&((s=(r=oo(this,Ft))==null?void 0:r.unassociateElement)==null||s.call(r,this),so(this,Ft,null)),a&&this.isConnected&&(so(this,Ft,(l=this.getRootNode())==null?void 0:l.getElementById(a)),(c=(d=oo(this,Ft))==null?void 0:d.associateElement)==null||c.call(d,this)))}get mediaPreviewImage(){return S(this,o.MEDIA_PREVIEW_IMAGE)}set mediaPreviewImage(t){T(this,o.MEDIA_PREVIEW_IMAGE,t)}get mediaPreviewCoords(){let t=this.getAttribute(o.MEDIA_PREVIEW_COORDS);if(t)return t.split(/\s+/).map(i=>+i)}set mediaPreviewCoords(t){if(!t){this.removeAttribute(o.MEDIA_PREVIEW_COORDS);return}this.setAttribute(o.MEDIA_PREVIEW_COORDS,t.join(" "))}update(){let t=this.mediaPreviewCoords,i=this.mediaPreviewImage;if(!(t&&i))return;let[a,r,s,l]=t,d=i.split("#")[0],c=getComputedStyle(this),{maxWidth:A,maxHeight:y,minWidth:I,minHeight:f}=c,p=c.getPropertyValue("--media-preview-thumbnail-object-fit").trim()||"contain",k,v;if(p==="fill"){let Xt=parseInt(A)/s,Jt=parseInt(y)/l,Gi=parseInt(I)/s,ke=parseInt(f)/l;k=Xt<1?Xt:Math.max(Xt,Gi),v=Jt<1?Jt:Math.max(Jt,ke)}else{let Xt=Math.min(parseInt(A)/s,parseInt(y)/l),Jt=Math.max(parseInt(I)/s,parseInt(f)/l),ke=Xt<1?Xt:Jt>1?Jt:1;k=ke,v=ke}let{style:C}=B(this.shadowRoot,":host"),L=B(this.shadowRoot,"img").style,it=this.shadowRoot.querySelector("img"),Ki=Math.min(k,v)<1?"min":"max";C.setProperty(`${Ki}-width`,"initial","important"),C.setProperty(`${Ki}-height`,"initial","important"),C.width=`${s*k}px`,C.height=`${l*v}px`;let qe=()=>{L.width=`${this.imgWidth*k}px`,L.height=`${this.imgHeight*v}px`,L.display="block"};it.src!==d&&(it.onload=()=>{this.imgWidth=it.naturalWidth,this.imgHeight=it.naturalHeight,qe(),it.onload=null},it.src=d,qe()),qe(),L.transform=`translate(-${a*k}px, -${r*v}px)`}};Ft=new WeakMap;Ei.shadowRootOptions={mode:"open"};Ei.getTemplateHTML=hm;n.customElements.get("media-preview-thumbnail")||n.customElements.define("media-preview-thumbnail",Ei);var no=Ei;var vc=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},Ec=(e,t,i)=>(vc(e,t,"read from private field"),i?i.call(e):t.get(e)),mm=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},pm=(e,t,i,a)=>(vc(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),ka,js=class extends lt{constructor(){super(),mm(this,ka,void 0),pm(this,ka,this.shadowRoot.querySelector("slot")),Ec(this,ka).textContent=Tt(0)}static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_PREVIEW_TIME]}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),t===o.MEDIA_PREVIEW_TIME&&a!=null&&(Ec(this,ka).textContent=Tt(parseFloat(a)))}get mediaPreviewTime(){return w(this,o.MEDIA_PREVIEW_TIME)}set mediaPreviewTime(t){R(this,o.MEDIA_PREVIEW_TIME,t)}};ka=new WeakMap;n.customElements.get("media-preview-time-display")||n.customElements.define("media-preview-time-display",js);var vi={SEEK_OFFSET:"seekoffset"},tn=30,Em=e=>`
  <svg aria-hidden="true" viewBox="0 0 20 24">
    <defs>
      <style>.text{font-size:8px;font-family:Arial-BoldMT, Arial;font-weight:700;}</style>
    </defs>
    <text class="text value" transform="translate(2.18 19.87)">${e}</text>
    <path d="M10 6V3L4.37 7 10 10.94V8a5.54 5.54 0 0 1 1.9 10.48v2.12A7.5 7.5 0 0 0 10 6Z"/>
  </svg>`;function vm(e,t){return`
    <slot name="icon">${Em(t.seekOffset)}</slot>
  `}var fm=(e,t)=>{e.setAttribute("aria-label",u("seek back {seekOffset} seconds",{seekOffset:t}))};function gm(){return u("Seek backward")}var _m=0,Ia=class extends x{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_CURRENT_TIME,vi.SEEK_OFFSET]}connectedCallback(){super.connectedCallback(),this.seekOffset=w(this,vi.SEEK_OFFSET,tn)}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),fm(this,this.seekOffset),t===vi.SEEK_OFFSET&&(this.seekOffset=w(this,vi.SEEK_OFFSET,tn))}get seekOffset(){return w(this,vi.SEEK_OFFSET,tn)}set seekOffset(t){R(this,vi.SEEK_OFFSET,t),this.setAttribute("aria-label",u("seek back {seekOffset} seconds",{seekOffset:this.seekOffset})),nr(lr(this,"icon"),this.seekOffset)}get mediaCurrentTime(){return w(this,o.MEDIA_CURRENT_TIME,_m)}set mediaCurrentTime(t){R(this,o.MEDIA_CURRENT_TIME,t)}handleClick(){let t=Math.max(this.mediaCurrentTime-this.seekOffset,0),i=new n.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:t});this.dispatchEvent(i)}};Ia.getSlotTemplateHTML=vm;Ia.getTooltipContentHTML=gm;n.customElements.get("media-seek-backward-button")||n.customElements.define("media-seek-backward-button",Ia);var fi={SEEK_OFFSET:"seekoffset"},en=30,bm=e=>`
  <svg aria-hidden="true" viewBox="0 0 20 24">
    <defs>
      <style>.text{font-size:8px;font-family:Arial-BoldMT, Arial;font-weight:700;}</style>
    </defs>
    <text class="text value" transform="translate(8.9 19.87)">${e}</text>
    <path d="M10 6V3l5.61 4L10 10.94V8a5.54 5.54 0 0 0-1.9 10.48v2.12A7.5 7.5 0 0 1 10 6Z"/>
  </svg>`;function Am(e,t){return`
    <slot name="icon">${bm(t.seekOffset)}</slot>
  `}var Tm=(e,t)=>{e.setAttribute("aria-label",u("seek forward {seekOffset} seconds",{seekOffset:t}))};function Sm(){return u("Seek forward")}var km=0,ya=class extends x{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_CURRENT_TIME,fi.SEEK_OFFSET]}connectedCallback(){super.connectedCallback(),this.seekOffset=w(this,fi.SEEK_OFFSET,en)}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),Tm(this,this.seekOffset),t===fi.SEEK_OFFSET&&(this.seekOffset=w(this,fi.SEEK_OFFSET,en))}get seekOffset(){return w(this,fi.SEEK_OFFSET,en)}set seekOffset(t){R(this,fi.SEEK_OFFSET,t),this.setAttribute("aria-label",u("seek forward {seekOffset} seconds",{seekOffset:this.seekOffset})),nr(lr(this,"icon"),this.seekOffset)}get mediaCurrentTime(){return w(this,o.MEDIA_CURRENT_TIME,km)}set mediaCurrentTime(t){R(this,o.MEDIA_CURRENT_TIME,t)}handleClick(){let t=this.mediaCurrentTime+this.seekOffset,i=new n.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:t});this.dispatchEvent(i)}};ya.getSlotTemplateHTML=Am;ya.getTooltipContentHTML=Sm;n.customElements.get("media-seek-forward-button")||n.customElements.define("media-seek-forward-button",ya);var on=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},wt=(e,t,i)=>(on(e,t,"read from private field"),i?i.call(e):t.get(e)),We=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},sn=(e,t,i,a)=>(on(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),_e=(e,t,i)=>(on(e,t,"access private method"),i),gi,Vt,mo,nn,gc,uo,ln,Ma,lo,co,an,ge={REMAINING:"remaining",SHOW_DURATION:"showduration",NO_TOGGLE:"notoggle"},fc=[...Object.values(ge),o.MEDIA_CURRENT_TIME,o.MEDIA_DURATION,o.MEDIA_SEEKABLE],_c=["Enter"," "],Im="&nbsp;/&nbsp;",rn=(e,{timesSep:t=Im}={})=>{var i,a;let r=(i=e.mediaCurrentTime)!=null?i:0,[,s]=(a=e.mediaSeekable)!=null?a:[],l=0;Number.isFinite(e.mediaDuration)?l=e.mediaDuration:Number.isFinite(s)&&(l=s);let d=e.remaining?Tt(0-(l-r)):Tt(r);return e.showDuration?`${d}${t}${Tt(l)}`:d},ym=e=>{var t;let i=e.mediaCurrentTime,[,a]=(t=e.mediaSeekable)!=null?t:[],r=null;if(Number.isFinite(e.mediaDuration)?r=e.mediaDuration:Number.isFinite(a)&&(r=a),i==null||r===null){e.setAttribute("aria-description",u("video not loaded, unknown time."));return}let s=e.remaining?ye(0-(r-i)):ye(i);if(!e.showDuration){e.setAttribute("aria-description",s);return}let l=ye(r),d=u("{currentTime} of {totalTime}",{currentTime:s,totalTime:l});e.setAttribute("aria-description",d)};function Mm(e,t){return`
    <slot>${rn(t)}</slot>
  `}var Lm=e=>{e.setAttribute("aria-label",u("playback time"))},ho=class extends lt{constructor(){super(),We(this,nn),We(this,uo),We(this,Ma),We(this,co),We(this,gi,void 0),We(this,Vt,null),We(this,mo,t=>{let{metaKey:i,altKey:a,key:r}=t;if(i||a||!_c.includes(r)){this.removeEventListener("keyup",wt(this,Vt));return}this.addEventListener("keyup",wt(this,Vt))}),sn(this,gi,this.shadowRoot.querySelector("slot")),wt(this,gi).innerHTML=`${rn(this)}`}static get observedAttributes(){return[...super.observedAttributes,...fc,"disabled"]}connectedCallback(){let{style:t}=B(this.shadowRoot,":host(:hover:not([notoggle]))");t.setProperty("cursor","var(--media-cursor, pointer)"),t.setProperty("background","var(--media-control-hover-background, rgba(50 50 70 / .7))"),this.setAttribute("aria-label",u("playback time")),_e(this,Ma,lo).call(this),super.connectedCallback()}toggleTimeDisplay(){this.noToggle||(this.hasAttribute("remaining")?this.removeAttribute("remaining"):this.setAttribute("remaining",""))}disconnectedCallback(){this.disable(),_e(this,uo,ln).call(this),super.disconnectedCallback()}attributeChangedCallback(t,i,a){Lm(this),fc.includes(t)?this.update():t==="disabled"&&a!==i?a==null?_e(this,Ma,lo).call(this):_e(this,co,an).call(this):t===ge.NO_TOGGLE&&a!==i&&(this.noToggle?_e(this,co,an).call(this):_e(this,Ma,lo).call(this)),super.attributeChangedCallback(t,i,a)}enable(){this.noToggle||(this.tabIndex=0)}disable(){this.tabIndex=-1}get remaining(){return g(this,ge.REMAINING)}set remaining(t){_(this,ge.REMAINING,t)}get showDuration(){return g(this,ge.SHOW_DURATION)}set showDuration(t){_(this,ge.SHOW_DURATION,t)}get noToggle(){return g(this,ge.NO_TOGGLE)}set noToggle(t){_(this,ge.NO_TOGGLE,t)}get mediaDuration(){return w(this,o.MEDIA_DURATION)}set mediaDuration(t){R(this,o.MEDIA_DURATION,t)}get mediaCurrentTime(){return w(this,o.MEDIA_CURRENT_TIME)}set mediaCurrentTime(t){R(this,o.MEDIA_CURRENT_TIME,t)}get mediaSeekable(){let t=this.getAttribute(o.MEDIA_SEEKABLE);if(t)return t.split(":").map(i=>+i)}set mediaSeekable(t){if(t==null){this.removeAttribute(o.MEDIA_SEEKABLE);return}this.setAttribute(o.MEDIA_SEEKABLE,t.join(":"))}update(){let t=rn(this);ym(this),t!==wt(this,gi).innerHTML&&(wt(this,gi).innerHTML=t)}};gi=new WeakMap;Vt=new WeakMap;mo=new WeakMap;nn=new WeakSet;gc=function(){wt(this,Vt)||(sn(this,Vt,e=>{let{key:t}=e;if(!_c.includes(t)){this.removeEventListener("keyup",wt(this,Vt));return}this.toggleTimeDisplay()}),this.addEventListener("keydown",wt(this,mo)),this.addEventListener("click",this.toggleTimeDisplay))};uo=new WeakSet;ln=function(){wt(this,Vt)&&(this.removeEventListener("keyup",wt(this,Vt)),this.removeEventListener("keydown",wt(this,mo)),this.removeEventListener("click",this.toggleTimeDisplay),sn(this,Vt,null))};Ma=new WeakSet;lo=function(){!this.noToggle&&!this.hasAttribute("disabled")&&(this.setAttribute("role","button"),this.enable(),_e(this,nn,gc).call(this))};co=new WeakSet;an=function(){this.removeAttribute("role"),this.disable(),_e(this,uo,ln).call(this)};ho.getSlotTemplateHTML=Mm;n.customElements.get("media-time-display")||n.customElements.define("media-time-display",ho);var bc=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},j=(e,t,i)=>(bc(e,t,"read from private field"),i?i.call(e):t.get(e)),Kt=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},pt=(e,t,i,a)=>(bc(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),wm=(e,t,i,a)=>({set _(r){pt(e,t,r,i)},get _(){return j(e,t,a)}}),_i,po,bi,La,Eo,vo,fo,Ai,$e,go,_o=class{constructor(t,i,a){Kt(this,_i,void 0),Kt(this,po,void 0),Kt(this,bi,void 0),Kt(this,La,void 0),Kt(this,Eo,void 0),Kt(this,vo,void 0),Kt(this,fo,void 0),Kt(this,Ai,void 0),Kt(this,$e,0),Kt(this,go,(r=performance.now())=>{pt(this,$e,requestAnimationFrame(j(this,go))),pt(this,La,performance.now()-j(this,bi));let s=1e3/this.fps;if(j(this,La)>s){pt(this,bi,r-j(this,La)%s);let l=1e3/((r-j(this,po))/++wm(this,Eo)._),d=(r-j(this,vo))/1e3/this.duration,c=j(this,fo)+d*this.playbackRate;c-j(this,_i).valueAsNumber>0?pt(this,Ai,this.playbackRate/this.duration/l):(pt(this,Ai,.995*j(this,Ai)),c=j(this,_i).valueAsNumber+j(this,Ai)),this.callback(c)}}),pt(this,_i,t),this.callback=i,this.fps=a}start(){j(this,$e)===0&&(pt(this,bi,performance.now()),pt(this,po,j(this,bi)),pt(this,Eo,0),j(this,go).call(this))}stop(){j(this,$e)!==0&&(cancelAnimationFrame(j(this,$e)),pt(this,$e,0))}update({start:t,duration:i,playbackRate:a}){let r=t-j(this,_i).valueAsNumber,s=Math.abs(i-this.duration);(r>0||r<-.5/i||s>=.5)&&this.callback(t),pt(this,fo,t),pt(this,vo,performance.now()),this.duration=i,this.playbackRate=a}};_i=new WeakMap;po=new WeakMap;bi=new WeakMap;La=new WeakMap;Eo=new WeakMap;vo=new WeakMap;fo=new WeakMap;Ai=new WeakMap;$e=new WeakMap;go=new WeakMap;var mn=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},V=(e,t,i)=>(mn(e,t,"read from private field"),i?i.call(e):t.get(e)),Z=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},vt=(e,t,i,a)=>(mn(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),ft=(e,t,i)=>(mn(e,t,"access private method"),i),Ti,be,To,Ca,So,Ao,Ra,Da,Si,ki,wa,dn,Ac,cn,ko,pn,Io,En,yo,vn,un,Tc,xa,Mo,hn,Sc,Cm=e=>{let t=e.range,i=ye(+kc(e)),a=ye(+e.mediaSeekableEnd),r=i&&a?u("{currentTime} of {totalTime}",{currentTime:i,totalTime:a}):u("video not loaded, unknown time.");t.setAttribute("aria-valuetext",r)};function Rm(e){return`
    <style>
      :host {
        --media-box-border-radius: 4px;
        --media-box-padding-left: 10px;
        --media-box-padding-right: 10px;
        --media-preview-border-radius: var(--media-box-border-radius);
        --media-box-arrow-offset: var(--media-box-border-radius);
        --_control-background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        --_preview-background: var(--media-preview-background, var(--_control-background));

        
        contain: layout;
      }

      #buffered {
        background: var(--media-time-range-buffered-color, rgb(255 255 255 / .4));
        position: absolute;
        height: 100%;
        will-change: width;
      }

      #preview-rail,
      #current-rail {
        width: 100%;
        position: absolute;
        left: 0;
        bottom: 100%;
        pointer-events: none;
        will-change: transform;
      }

      [part~="box"] {
        width: min-content;
        
        position: absolute;
        bottom: 100%;
        flex-direction: column;
        align-items: center;
        transform: translateX(-50%);
      }

      [part~="current-box"] {
        display: var(--media-current-box-display, var(--media-box-display, flex));
        margin: var(--media-current-box-margin, var(--media-box-margin, 0 0 5px));
        visibility: hidden;
      }

      [part~="preview-box"] {
        display: var(--media-preview-box-display, var(--media-box-display, flex));
        margin: var(--media-preview-box-margin, var(--media-box-margin, 0 0 5px));
        transition-property: var(--media-preview-transition-property, visibility, opacity);
        transition-duration: var(--media-preview-transition-duration-out, .25s);
        transition-delay: var(--media-preview-transition-delay-out, 0s);
        visibility: hidden;
        opacity: 0;
      }

      :host(:is([${o.MEDIA_PREVIEW_IMAGE}], [${o.MEDIA_PREVIEW_TIME}])[dragging]) [part~="preview-box"] {
        transition-duration: var(--media-preview-transition-duration-in, .5s);
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        visibility: visible;
        opacity: 1;
      }

      @media (hover: hover) {
        :host(:is([${o.MEDIA_PREVIEW_IMAGE}], [${o.MEDIA_PREVIEW_TIME}]):hover) [part~="preview-box"] {
          transition-duration: var(--media-preview-transition-duration-in, .5s);
          transition-delay: var(--media-preview-transition-delay-in, .25s);
          visibility: visible;
          opacity: 1;
        }
      }

      media-preview-thumbnail,
      ::slotted(media-preview-thumbnail) {
        visibility: hidden;
        
        transition: visibility 0s .25s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-thumbnail-background, var(--_preview-background));
        box-shadow: var(--media-preview-thumbnail-box-shadow, 0 0 4px rgb(0 0 0 / .2));
        max-width: var(--media-preview-thumbnail-max-width, 180px);
        max-height: var(--media-preview-thumbnail-max-height, 160px);
        min-width: var(--media-preview-thumbnail-min-width, 120px);
        min-height: var(--media-preview-thumbnail-min-height, 80px);
        border: var(--media-preview-thumbnail-border);
        border-radius: var(--media-preview-thumbnail-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius) 0 0);
      }

      :host([${o.MEDIA_PREVIEW_IMAGE}][dragging]) media-preview-thumbnail,
      :host([${o.MEDIA_PREVIEW_IMAGE}][dragging]) ::slotted(media-preview-thumbnail) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        visibility: visible;
      }

      @media (hover: hover) {
        :host([${o.MEDIA_PREVIEW_IMAGE}]:hover) media-preview-thumbnail,
        :host([${o.MEDIA_PREVIEW_IMAGE}]:hover) ::slotted(media-preview-thumbnail) {
          transition-delay: var(--media-preview-transition-delay-in, .25s);
          visibility: visible;
        }

        :host([${o.MEDIA_PREVIEW_TIME}]:hover) {
          --media-time-range-hover-display: block;
        }
      }

      media-preview-chapter-display,
      ::slotted(media-preview-chapter-display) {
        font-size: var(--media-font-size, 13px);
        line-height: 17px;
        min-width: 0;
        visibility: hidden;
        
        transition: min-width 0s, border-radius 0s, margin 0s, padding 0s, visibility 0s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-chapter-background, var(--_preview-background));
        border-radius: var(--media-preview-chapter-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius)
          var(--media-preview-border-radius) var(--media-preview-border-radius));
        padding: var(--media-preview-chapter-padding, 3.5px 9px);
        margin: var(--media-preview-chapter-margin, 0 0 5px);
        text-shadow: var(--media-preview-chapter-text-shadow, 0 0 4px rgb(0 0 0 / .75));
      }

      :host([${o.MEDIA_PREVIEW_IMAGE}]) media-preview-chapter-display,
      :host([${o.MEDIA_PREVIEW_IMAGE}]) ::slotted(media-preview-chapter-display) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        border-radius: var(--media-preview-chapter-border-radius, 0);
        padding: var(--media-preview-chapter-padding, 3.5px 9px 0);
        margin: var(--media-preview-chapter-margin, 0);
        min-width: 100%;
      }

      media-preview-chapter-display[${o.MEDIA_PREVIEW_CHAPTER}],
      ::slotted(media-preview-chapter-display[${o.MEDIA_PREVIEW_CHAPTER}]) {
        visibility: visible;
      }

      media-preview-chapter-display:not([aria-valuetext]),
      ::slotted(media-preview-chapter-display:not([aria-valuetext])) {
        display: none;
      }

      media-preview-time-display,
      ::slotted(media-preview-time-display),
      media-time-display,
      ::slotted(media-time-display) {
        font-size: var(--media-font-size, 13px);
        line-height: 17px;
        min-width: 0;
        
        transition: min-width 0s, border-radius 0s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-time-background, var(--_preview-background));
        border-radius: var(--media-preview-time-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius)
          var(--media-preview-border-radius) var(--media-preview-border-radius));
        padding: var(--media-preview-time-padding, 3.5px 9px);
        margin: var(--media-preview-time-margin, 0);
        text-shadow: var(--media-preview-time-text-shadow, 0 0 4px rgb(0 0 0 / .75));
        transform: translateX(min(
          max(calc(50% - var(--_box-width) / 2),
          calc(var(--_box-shift, 0))),
          calc(var(--_box-width) / 2 - 50%)
        ));
      }

      :host([${o.MEDIA_PREVIEW_IMAGE}]) media-preview-time-display,
      :host([${o.MEDIA_PREVIEW_IMAGE}]) ::slotted(media-preview-time-display) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        border-radius: var(--media-preview-time-border-radius,
          0 0 var(--media-preview-border-radius) var(--media-preview-border-radius));
        min-width: 100%;
      }

      :host([${o.MEDIA_PREVIEW_TIME}]:hover) {
        --media-time-range-hover-display: block;
      }

      [part~="arrow"],
      ::slotted([part~="arrow"]) {
        display: var(--media-box-arrow-display, inline-block);
        transform: translateX(min(
          max(calc(50% - var(--_box-width) / 2 + var(--media-box-arrow-offset)),
          calc(var(--_box-shift, 0))),
          calc(var(--_box-width) / 2 - 50% - var(--media-box-arrow-offset))
        ));
        
        border-color: transparent;
        border-top-color: var(--media-box-arrow-background, var(--_control-background));
        border-width: var(--media-box-arrow-border-width,
          var(--media-box-arrow-height, 5px) var(--media-box-arrow-width, 6px) 0);
        border-style: solid;
        justify-content: center;
        height: 0;
      }
    </style>
    <div id="preview-rail">
      <slot name="preview" part="box preview-box">
        <media-preview-thumbnail>
          <template shadowrootmode="${no.shadowRootOptions.mode}">
            ${no.getTemplateHTML({})}
          </template>
        </media-preview-thumbnail>
        <media-preview-chapter-display></media-preview-chapter-display>
        <media-preview-time-display></media-preview-time-display>
        <slot name="preview-arrow"><div part="arrow"></div></slot>
      </slot>
    </div>
    <div id="current-rail">
      <slot name="current" part="box current-box">
        
      </slot>
    </div>
  `}var bo=(e,t=e.mediaCurrentTime)=>{let i=Number.isFinite(e.mediaSeekableStart)?e.mediaSeekableStart:0,a=Number.isFinite(e.mediaDuration)?e.mediaDuration:e.mediaSeekableEnd;if(Number.isNaN(a))return 0;let r=(t-i)/(a-i);return Math.max(0,Math.min(r,1))},kc=(e,t=e.range.valueAsNumber)=>{let i=Number.isFinite(e.mediaSeekableStart)?e.mediaSeekableStart:0,a=Number.isFinite(e.mediaDuration)?e.mediaDuration:e.mediaSeekableEnd;return Number.isNaN(a)?0:t*(a-i)+i},Oa=class extends Pt{constructor(){super(),Z(this,dn),Z(this,ko),Z(this,Io),Z(this,yo),Z(this,un),Z(this,xa),Z(this,hn),Z(this,Ti,null),Z(this,be,void 0),Z(this,To,void 0),Z(this,Ca,void 0),Z(this,So,void 0),Z(this,Ao,void 0),Z(this,Ra,void 0),Z(this,Da,void 0),Z(this,Si,void 0),Z(this,ki,void 0),Z(this,wa,()=>{ft(this,dn,Ac).call(this)?V(this,be).start():V(this,be).stop()}),Z(this,cn,a=>{this.dragging||(Xe(a)&&(this.range.valueAsNumber=a),V(this,ki)||this.updateBar())}),this.shadowRoot.querySelector("#track").insertAdjacentHTML("afterbegin",'<div id="buffered" part="buffered"></div>'),vt(this,To,this.shadowRoot.querySelectorAll('[part~="box"]')),vt(this,So,this.shadowRoot.querySelector('[part~="preview-box"]')),vt(this,Ao,this.shadowRoot.querySelector('[part~="current-box"]'));let i=getComputedStyle(this);vt(this,Ra,parseInt(i.getPropertyValue("--media-box-padding-left"))),vt(this,Da,parseInt(i.getPropertyValue("--media-box-padding-right"))),vt(this,be,new _o(this.range,V(this,cn),60))}static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_PAUSED,o.MEDIA_DURATION,o.MEDIA_SEEKABLE,o.MEDIA_CURRENT_TIME,o.MEDIA_PREVIEW_IMAGE,o.MEDIA_PREVIEW_TIME,o.MEDIA_PREVIEW_CHAPTER,o.MEDIA_BUFFERED,o.MEDIA_PLAYBACK_RATE,o.MEDIA_LOADING,o.MEDIA_ENDED]}connectedCallback(){var t;super.connectedCallback(),this.range.setAttribute("aria-label",u("seek")),V(this,wa).call(this),vt(this,Ti,this.getRootNode()),(t=V(this,Ti))==null||t.addEventListener("transitionstart",this)}disconnectedCallback(){var t;super.disconnectedCallback(),V(this,be).stop(),(t=V(this,Ti))==null||t.removeEventListener("transitionstart",this),vt(this,Ti,null)}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),i!=a&&(t===o.MEDIA_CURRENT_TIME||t===o.MEDIA_PAUSED||t===o.MEDIA_ENDED||t===o.MEDIA_LOADING||t===o.MEDIA_DURATION||t===o.MEDIA_SEEKABLE?(V(this,be).update({start:bo(this),duration:this.mediaSeekableEnd-this.mediaSeekableStart,playbackRate:this.mediaPlaybackRate}),V(this,wa).call(this),Cm(this)):t===o.MEDIA_BUFFERED&&this.updateBufferedBar(),(t===o.MEDIA_DURATION||t===o.MEDIA_SEEKABLE)&&(this.mediaChaptersCues=V(this,Si),this.updateBar()))}get mediaChaptersCues(){return V(this,Si)}set mediaChaptersCues(t){var i;vt(this,Si,t),this.updateSegments((i=V(this,Si))==null?void 0:i.map(a=>({start:bo(this,a.startTime),end:bo(this,a.endTime)})))}get mediaPaused(){return g(this,o.MEDIA_PAUSED)}set mediaPaused(t){_(this,o.MEDIA_PAUSED,t)}get mediaLoading(){return g(this,o.MEDIA_LOADING)}set mediaLoading(t){_(this,o.MEDIA_LOADING,t)}get mediaDuration(){return w(this,o.MEDIA_DURATION)}set mediaDuration(t){R(this,o.MEDIA_DURATION,t)}get mediaCurrentTime(){return w(this,o.MEDIA_CURRENT_TIME)}set mediaCurrentTime(t){R(this,o.MEDIA_CURRENT_TIME,t)}get mediaPlaybackRate(){return w(this,o.MEDIA_PLAYBACK_RATE,1)}set mediaPlaybackRate(t){R(this,o.MEDIA_PLAYBACK_RATE,t)}get mediaBuffered(){let t=this.getAttribute(o.MEDIA_BUFFERED);return t?t.split(" ").map(i=>i.split(":").map(a=>+a)):[]}set mediaBuffered(t){if(!t){this.removeAttribute(o.MEDIA_BUFFERED);return}let i=t.map(a=>a.join(":")).join(" ");this.setAttribute(o.MEDIA_BUFFERED,i)}get mediaSeekable(){let t=this.getAttribute(o.MEDIA_SEEKABLE);if(t)return t.split(":").map(i=>+i)}set mediaSeekable(t){if(t==null){this.removeAttribute(o.MEDIA_SEEKABLE);return}this.setAttribute(o.MEDIA_SEEKABLE,t.join(":"))}get mediaSeekableEnd(){var t;let[,i=this.mediaDuration]=(t=this.mediaSeekable)!=null?t:[];return i}get mediaSeekableStart(){var t;let[i=0]=(t=this.mediaSeekable)!=null?t:[];return i}get mediaPreviewImage(){return S(this,o.MEDIA_PREVIEW_IMAGE)}set mediaPreviewImage(t){T(this,o.MEDIA_PREVIEW_IMAGE,t)}get mediaPreviewTime(){return w(this,o.MEDIA_PREVIEW_TIME)}set mediaPreviewTime(t){R(this,o.MEDIA_PREVIEW_TIME,t)}get mediaEnded(){return g(this,o.MEDIA_ENDED)}set mediaEnded(t){_(this,o.MEDIA_ENDED,t)}updateBar(){super.updateBar(),this.updateBufferedBar(),this.updateCurrentBox()}updateBufferedBar(){var t;let i=this.mediaBuffered;if(!i.length)return;let a;if(this.mediaEnded)a=1;else{let s=this.mediaCurrentTime,[,l=this.mediaSeekableStart]=(t=i.find(([d,c])=>d<=s&&s<=c))!=null?t:[];a=bo(this,l)}let{style:r}=B(this.shadowRoot,"#buffered");r.setProperty("width",`${a*100}%`)}updateCurrentBox(){if(!this.shadowRoot.querySelector('slot[name="current"]').assignedElements().length)return;let i=B(this.shadowRoot,"#current-rail"),a=B(this.shadowRoot,'[part~="current-box"]'),r=ft(this,ko,pn).call(this,V(this,Ao)),s=ft(this,Io,En).call(this,r,this.range.valueAsNumber),l=ft(this,yo,vn).call(this,r,this.range.valueAsNumber);i.style.transform=`translateX(${s})`,i.style.setProperty("--_range-width",`${r.range.width}`),a.style.setProperty("--_box-shift",`${l}`),a.style.setProperty("--_box-width",`${r.box.width}px`),a.style.setProperty("visibility","initial")}handleEvent(t){switch(super.handleEvent(t),t.type){case"input":ft(this,hn,Sc).call(this);break;case"pointermove":ft(this,un,Tc).call(this,t);break;case"pointerup":V(this,ki)&&vt(this,ki,!1);break;case"pointerdown":vt(this,ki,!0);break;case"pointerleave":ft(this,xa,Mo).call(this,null);break;case"transitionstart":at(t.target,this)&&setTimeout(()=>V(this,wa).call(this),0);break}}};Ti=new WeakMap;be=new WeakMap;To=new WeakMap;Ca=new WeakMap;So=new WeakMap;Ao=new WeakMap;Ra=new WeakMap;Da=new WeakMap;Si=new WeakMap;ki=new WeakMap;wa=new WeakMap;dn=new WeakSet;Ac=function(){return this.isConnected&&!this.mediaPaused&&!this.mediaLoading&&!this.mediaEnded&&this.mediaSeekableEnd>0&&dr(this)};cn=new WeakMap;ko=new WeakSet;pn=function(e){var t;let a=((t=this.getAttribute("bounds")?Rt(this,`#${this.getAttribute("bounds")}`):this.parentElement)!=null?t:this).getBoundingClientRect(),r=this.range.getBoundingClientRect(),s=e.offsetWidth,l=-(r.left-a.left-s/2),d=a.right-r.left-s/2;return{box:{width:s,min:l,max:d},bounds:a,range:r}};Io=new WeakSet;En=function(e,t){let i=`${t*100}%`,{width:a,min:r,max:s}=e.box;if(!a)return i;if(Number.isNaN(r)||(i=`max(${`calc(1 / var(--_range-width) * 100 * ${r}% + var(--media-box-padding-left))`}, ${i})`),!Number.isNaN(s)){let d=`calc(1 / var(--_range-width) * 100 * ${s}% - var(--media-box-padding-right))`;i=`min(${i}, ${d})`}return i};yo=new WeakSet;vn=function(e,t){let{width:i,min:a,max:r}=e.box,s=t*e.range.width;if(s<a+V(this,Ra)){let l=e.range.left-e.bounds.left-V(this,Ra);return`${s-i/2+l}px`}if(s>r-V(this,Da)){let l=e.bounds.right-e.range.right-V(this,Da);return`${s+i/2-l-e.range.width}px`}return 0};un=new WeakSet;Tc=function(e){let t=[...V(this,To)].some(y=>e.composedPath().includes(y));if(!this.dragging&&(t||!e.composedPath().includes(this))){ft(this,xa,Mo).call(this,null);return}let i=this.mediaSeekableEnd;if(!i)return;let a=B(this.shadowRoot,"#preview-rail"),r=B(this.shadowRoot,'[part~="preview-box"]'),s=ft(this,ko,pn).call(this,V(this,So)),l=(e.clientX-s.range.left)/s.range.width;l=Math.max(0,Math.min(1,l));let d=ft(this,Io,En).call(this,s,l),c=ft(this,yo,vn).call(this,s,l);a.style.transform=`translateX(${d})`,a.style.setProperty("--_range-width",`${s.range.width}`),r.style.setProperty("--_box-shift",`${c}`),r.style.setProperty("--_box-width",`${s.box.width}px`);let A=Math.round(V(this,Ca))-Math.round(l*i);Math.abs(A)<1&&l>.01&&l<.99||(vt(this,Ca,l*i),ft(this,xa,Mo).call(this,V(this,Ca)))};xa=new WeakSet;Mo=function(e){this.dispatchEvent(new n.CustomEvent(h.MEDIA_PREVIEW_REQUEST,{composed:!0,bubbles:!0,detail:e}))};hn=new WeakSet;Sc=function(){V(this,be).stop();let e=kc(this);this.dispatchEvent(new n.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:e}))};Oa.shadowRootOptions={mode:"open"};Oa.getContainerTemplateHTML=Rm;n.customElements.get("media-time-range")||n.customElements.define("media-time-range",Oa);var Dm=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},Ic=(e,t,i)=>(Dm(e,t,"read from private field"),i?i.call(e):t.get(e)),xm=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},Lo,Om=1,Um=e=>e.mediaMuted?0:e.mediaVolume,Pm=e=>`${Math.round(e*100)}%`,fn=class extends Pt{constructor(){super(...arguments),xm(this,Lo,()=>{let t=this.range.value,i=new n.CustomEvent(h.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:t});this.dispatchEvent(i)})}static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_VOLUME,o.MEDIA_MUTED,o.MEDIA_VOLUME_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),this.range.setAttribute("aria-label",u("volume")),this.range.addEventListener("input",Ic(this,Lo))}disconnectedCallback(){this.range.removeEventListener("input",Ic(this,Lo)),super.disconnectedCallback()}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),(t===o.MEDIA_VOLUME||t===o.MEDIA_MUTED)&&(this.range.valueAsNumber=Um(this),this.range.setAttribute("aria-valuetext",Pm(this.range.valueAsNumber)),this.updateBar())}get mediaVolume(){return w(this,o.MEDIA_VOLUME,Om)}set mediaVolume(t){R(this,o.MEDIA_VOLUME,t)}get mediaMuted(){return g(this,o.MEDIA_MUTED)}set mediaMuted(t){_(this,o.MEDIA_MUTED,t)}get mediaVolumeUnavailable(){return S(this,o.MEDIA_VOLUME_UNAVAILABLE)}set mediaVolumeUnavailable(t){T(this,o.MEDIA_VOLUME_UNAVAILABLE,t)}};Lo=new WeakMap;n.customElements.get("media-volume-range")||n.customElements.define("media-volume-range",fn);function Nm(e){return`
      <style>
        :host {
          min-width: 4ch;
          padding: var(--media-button-padding, var(--media-control-padding, 10px 5px));
          width: 100%;
          display: grid;
          grid-template-columns: 1fr auto;
          gap: 1rem;
          font-weight: var(--media-button-font-weight, normal);
        }

        #checked-indicator {
          display: none;
        }

        :host([${o.MEDIA_LOOP}]) #checked-indicator {
          display: block;
        }
      </style>
      
      <span id="icon">
     </span>

      <div id="checked-indicator">
        <svg aria-hidden="true" viewBox="0 1 24 24" part="checked-indicator indicator">
          <path d="m10 15.17 9.193-9.191 1.414 1.414-10.606 10.606-6.364-6.364 1.414-1.414 4.95 4.95Z"/>
        </svg>
      </div>
    `}function Hm(){return u("Loop")}var Ua=class extends x{constructor(){super(...arguments),this.container=null}static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_LOOP]}connectedCallback(){var t;super.connectedCallback(),this.container=((t=this.shadowRoot)==null?void 0:t.querySelector("#icon"))||null,this.container&&(this.container.textContent=u("Loop"))}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),t===o.MEDIA_LOOP&&this.container&&this.setAttribute("aria-checked",this.mediaLoop?"true":"false")}get mediaLoop(){return g(this,o.MEDIA_LOOP)}set mediaLoop(t){_(this,o.MEDIA_LOOP,t)}handleClick(){let t=!this.mediaLoop,i=new n.CustomEvent(h.MEDIA_LOOP_REQUEST,{composed:!0,bubbles:!0,detail:t});this.dispatchEvent(i)}};Ua.getSlotTemplateHTML=Nm;Ua.getTooltipContentHTML=Hm;n.customElements.get("media-loop-button")||n.customElements.define("media-loop-button",Ua);function yc({anchor:e,floating:t,placement:i}){let a=Bm({anchor:e,floating:t}),{x:r,y:s}=$m(a,i);return{x:r,y:s}}function Bm({anchor:e,floating:t}){return{anchor:Wm(e,t.offsetParent),floating:{x:0,y:0,width:t.offsetWidth,height:t.offsetHeight}}}function Wm(e,t){var i;let a=e.getBoundingClientRect(),r=(i=t?.getBoundingClientRect())!=null?i:{x:0,y:0};return{x:a.x-r.x,y:a.y-r.y,width:a.width,height:a.height}}function $m({anchor:e,floating:t},i){let a=Fm(i)==="x"?"y":"x",r=a==="y"?"height":"width",s=Mc(i),l=e.x+e.width/2-t.width/2,d=e.y+e.height/2-t.height/2,c=e[r]/2-t[r]/2,A;switch(s){case"top":A={x:l,y:e.y-t.height};break;case"bottom":A={x:l,y:e.y+e.height};break;case"right":A={x:e.x+e.width,y:d};break;case"left":A={x:e.x-t.width,y:d};break;default:A={x:e.x,y:e.y}}switch(i.split("-")[1]){case"start":A[a]-=c;break;case"end":A[a]+=c;break}return A}function Mc(e){return e.split("-")[0]}function Fm(e){return["top","bottom"].includes(Mc(e))?"y":"x"}var Ae=class extends Event{constructor({action:t="auto",relatedTarget:i,...a}){super("invoke",a),this.action=t,this.relatedTarget=i}},wo=class extends Event{constructor({newState:t,oldState:i,...a}){super("toggle",a),this.newState=t,this.oldState=i}};var wn=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},O=(e,t,i)=>(wn(e,t,"read from private field"),i?i.call(e):t.get(e)),P=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},gt=(e,t,i,a)=>(wn(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),N=(e,t,i)=>(wn(e,t,"access private method"),i),Gt,Te,oe,Co,Pa,Ve,Ba,gn,Lc,xo,Cn,Oo,Ro,_n,bn,wc,An,Cc,Tn,Rc,Ii,yi,Mi,Wa,Uo,Rn,Sn,Dc,Dn,xc,kn,Oc,xn,Uc,In,Pc,yn,Nc,Na,Po,Mn,Hc,Ha,No,Do,Ln;function qt({type:e,text:t,value:i,checked:a}){let r=F.createElement("media-chrome-menu-item");r.type=e??"",r.part.add("menu-item"),e&&r.part.add(e),r.value=i,r.checked=a;let s=F.createElement("span");return s.textContent=t,r.append(s),r}function Ct(e,t){let i=e.querySelector(`:scope > [slot="${t}"]`);if(i?.nodeName=="SLOT"&&(i=i.assignedElements({flatten:!0})[0]),i)return i=i.cloneNode(!0),i;let a=e.shadowRoot.querySelector(`[name="${t}"] > svg`);return a?a.cloneNode(!0):""}function Vm(e){return`
    <style>
      :host {
        font: var(--media-font,
          var(--media-font-weight, normal)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        --_menu-bg: rgb(20 20 30 / .8);
        background: var(--media-menu-background, var(--media-control-background, var(--media-secondary-color, var(--_menu-bg))));
        border-radius: var(--media-menu-border-radius);
        border: var(--media-menu-border, none);
        display: var(--media-menu-display, inline-flex) !important;
        
        transition: var(--media-menu-transition-in,
          visibility 0s,
          opacity .2s ease-out,
          transform .15s ease-out,
          left .2s ease-in-out,
          min-width .2s ease-in-out,
          min-height .2s ease-in-out
        ) !important;
        
        visibility: var(--media-menu-visibility, visible);
        opacity: var(--media-menu-opacity, 1);
        max-height: var(--media-menu-max-height, var(--_menu-max-height, 300px));
        transform: var(--media-menu-transform-in, translateY(0) scale(1));
        flex-direction: column;
        
        min-height: 0;
        position: relative;
        bottom: var(--_menu-bottom);
        box-sizing: border-box;
      } 

      @-moz-document url-prefix() {
        :host{
          --_menu-bg: rgb(20 20 30);
        }
      }

      :host([hidden]) {
        transition: var(--media-menu-transition-out,
          visibility .15s ease-in,
          opacity .15s ease-in,
          transform .15s ease-in
        ) !important;
        visibility: var(--media-menu-hidden-visibility, hidden);
        opacity: var(--media-menu-hidden-opacity, 0);
        max-height: var(--media-menu-hidden-max-height,
          var(--media-menu-max-height, var(--_menu-max-height, 300px)));
        transform: var(--media-menu-transform-out, translateY(2px) scale(.99));
        pointer-events: none;
      }

      :host([slot="submenu"]) {
        background: none;
        width: 100%;
        min-height: 100%;
        position: absolute;
        bottom: 0;
        right: -100%;
      }

      #container {
        display: flex;
        flex-direction: column;
        min-height: 0;
        transition: transform .2s ease-out;
        transform: translate(0, 0);
      }

      #container.has-expanded {
        transition: transform .2s ease-in;
        transform: translate(-100%, 0);
      }

      button {
        background: none;
        color: inherit;
        border: none;
        padding: 0;
        font: inherit;
        outline: inherit;
        display: inline-flex;
        align-items: center;
      }

      slot[name="header"][hidden] {
        display: none;
      }

      slot[name="header"] > *,
      slot[name="header"]::slotted(*) {
        padding: .4em .7em;
        border-bottom: 1px solid rgb(255 255 255 / .25);
        cursor: var(--media-cursor, default);
      }

      slot[name="header"] > button[part~="back"],
      slot[name="header"]::slotted(button[part~="back"]) {
        cursor: var(--media-cursor, pointer);
      }

      svg[part~="back"] {
        height: var(--media-menu-icon-height, var(--media-control-height, 24px));
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        display: block;
        margin-right: .5ch;
      }

      slot:not([name]) {
        gap: var(--media-menu-gap);
        flex-direction: var(--media-menu-flex-direction, column);
        overflow: var(--media-menu-overflow, hidden auto);
        display: flex;
        min-height: 0;
      }

      :host([role="menu"]) slot:not([name]) {
        padding-block: .4em;
      }

      slot:not([name])::slotted([role="menu"]) {
        background: none;
      }

      media-chrome-menu-item > span {
        margin-right: .5ch;
        max-width: var(--media-menu-item-max-width);
        text-overflow: ellipsis;
        overflow: hidden;
      }
    </style>
    <style id="layout-row" media="width:0">

      slot[name="header"] > *,
      slot[name="header"]::slotted(*) {
        padding: .4em .5em;
      }

      slot:not([name]) {
        gap: var(--media-menu-gap, .25em);
        flex-direction: var(--media-menu-flex-direction, row);
        padding-inline: .5em;
      }

      media-chrome-menu-item {
        padding: .3em .5em;
      }

      media-chrome-menu-item[aria-checked="true"] {
        background: var(--media-menu-item-checked-background, rgb(255 255 255 / .2));
      }

      
      media-chrome-menu-item::part(checked-indicator) {
        display: var(--media-menu-item-checked-indicator-display, none);
      }
    </style>
    <div id="container" part="container">
      <slot name="header" hidden>
        <button part="back button" aria-label="Back to previous menu">
          <slot name="back-icon">
            <svg aria-hidden="true" viewBox="0 0 20 24" part="back indicator">
              <path d="m11.88 17.585.742-.669-4.2-4.665 4.2-4.666-.743-.669-4.803 5.335 4.803 5.334Z"/>
            </svg>
          </slot>
          <slot name="title"></slot>
        </button>
      </slot>
      <slot></slot>
    </div>
    <slot name="checked-indicator" hidden></slot>
  `}var Fe={STYLE:"style",HIDDEN:"hidden",DISABLED:"disabled",ANCHOR:"anchor"},Y=class extends n.HTMLElement{constructor(){if(super(),P(this,gn),P(this,xo),P(this,Ro),P(this,bn),P(this,An),P(this,Tn),P(this,Mi),P(this,Uo),P(this,Sn),P(this,Dn),P(this,kn),P(this,xn),P(this,In),P(this,yn),P(this,Na),P(this,Mn),P(this,Ha),P(this,Do),P(this,Gt,null),P(this,Te,null),P(this,oe,null),P(this,Co,new Set),P(this,Pa,void 0),P(this,Ve,!1),P(this,Ba,null),P(this,Oo,()=>{let t=O(this,Co),i=new Set(this.items);for(let a of t)i.has(a)||this.dispatchEvent(new CustomEvent("removemenuitem",{detail:a}));for(let a of i)t.has(a)||this.dispatchEvent(new CustomEvent("addmenuitem",{detail:a}));gt(this,Co,i)}),P(this,Ii,()=>{N(this,Mi,Wa).call(this),N(this,Uo,Rn).call(this,!1)}),P(this,yi,()=>{N(this,Mi,Wa).call(this)}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let t=$(this.attributes);W(this.shadowRoot,this.constructor.getTemplateHTML(t))}this.container=this.shadowRoot.querySelector("#container"),this.defaultSlot=this.shadowRoot.querySelector("slot:not([name])"),gt(this,Pa,new MutationObserver(O(this,Oo)))}static get observedAttributes(){return[Fe.DISABLED,Fe.HIDDEN,Fe.STYLE,Fe.ANCHOR,M.MEDIA_CONTROLLER]}static formatMenuItemText(t,i){return t}enable(){this.addEventListener("click",this),this.addEventListener("focusout",this),this.addEventListener("keydown",this),this.addEventListener("invoke",this),this.addEventListener("toggle",this)}disable(){this.removeEventListener("click",this),this.removeEventListener("focusout",this),this.removeEventListener("keyup",this),this.removeEventListener("invoke",this),this.removeEventListener("toggle",this)}handleEvent(t){switch(t.type){case"slotchange":N(this,gn,Lc).call(this,t);break;case"invoke":N(this,bn,wc).call(this,t);break;case"click":N(this,Sn,Dc).call(this,t);break;case"toggle":N(this,kn,Oc).call(this,t);break;case"focusout":N(this,In,Pc).call(this,t);break;case"keydown":N(this,yn,Nc).call(this,t);break}}connectedCallback(){var t,i;O(this,Pa).observe(this.defaultSlot,{childList:!0}),gt(this,Ba,zi(this.shadowRoot,":host")),N(this,Ro,_n).call(this),this.hasAttribute("disabled")||this.enable(),this.role||(this.role="menu"),gt(this,Gt,sr(this)),(i=(t=O(this,Gt))==null?void 0:t.associateElement)==null||i.call(t,this),this.hidden||(jt($a(this),O(this,Ii)),jt(this,O(this,yi))),N(this,xo,Cn).call(this),this.shadowRoot.addEventListener("slotchange",this)}disconnectedCallback(){var t,i;O(this,Pa).disconnect(),te($a(this),O(this,Ii)),te(this,O(this,yi)),this.disable(),(i=(t=O(this,Gt))==null?void 0:t.unassociateElement)==null||i.call(t,this),gt(this,Gt,null),gt(this,Te,null),gt(this,oe,null),this.shadowRoot.removeEventListener("slotchange",this)}attributeChangedCallback(t,i,a){var r,s,l,d;t===Fe.HIDDEN&&a!==i?(O(this,Ve)||gt(this,Ve,!0),this.hidden?N(this,Tn,Rc).call(this):N(this,An,Cc).call(this),this.dispatchEvent(new wo({oldState:this.hidden?"open":"closed",newState:this.hidden?"closed":"open",bubbles:!0}))):t===M.MEDIA_CONTROLLER?(i&&((s=(r=O(this,Gt))==null?void 0:r.unassociateElement)==null||s.call(r,this),gt(this,Gt,null)),a&&this.isConnected&&(gt(this,Gt,sr(this)),(d=(l=O(this,Gt))==null?void 0:l.associateElement)==null||d.call(l,this))):t===Fe.DISABLED&&a!==i?a==null?this.enable():this.disable():t===Fe.STYLE&&a!==i&&N(this,Ro,_n).call(this)}formatMenuItemText(t,i){return this.constructor.formatMenuItemText(t,i)}get anchor(){return this.getAttribute("anchor")}set anchor(t){this.setAttribute("anchor",`${t}`)}get anchorElement(){var t;return this.anchor?(t=Me(this))==null?void 0:t.querySelector(`#${this.anchor}`):null}get items(){return this.defaultSlot.assignedElements({flatten:!0}).filter(Km)}get radioGroupItems(){return this.items.filter(t=>t.role==="menuitemradio")}get checkedItems(){return this.items.filter(t=>t.checked)}get value(){var t,i;return(i=(t=this.checkedItems[0])==null?void 0:t.value)!=null?i:""}set value(t){let i=this.items.find(a=>a.value===t);i&&N(this,Do,Ln).call(this,i)}focus(){if(gt(this,Te,Qi()),this.items.length){N(this,Ha,No).call(this,this.items[0]),this.items[0].focus();return}let t=this.querySelector('[autofocus], [tabindex]:not([tabindex="-1"]), [role="menu"]');t?.focus()}handleSelect(t){var i;let a=N(this,Na,Po).call(this,t);a&&(N(this,Do,Ln).call(this,a,a.type==="checkbox"),O(this,oe)&&!this.hidden&&((i=O(this,Te))==null||i.focus(),this.hidden=!0))}get keysUsed(){return["Enter","Escape","Tab"," ","ArrowDown","ArrowUp","Home","End"]}handleMove(t){var i,a;let{key:r}=t,s=this.items,l=(a=(i=N(this,Na,Po).call(this,t))!=null?i:N(this,Mn,Hc).call(this))!=null?a:s[0],d=s.indexOf(l),c=Math.max(0,d);r==="ArrowDown"?c++:r==="ArrowUp"?c--:t.key==="Home"?c=0:t.key==="End"&&(c=s.length-1),c<0&&(c=s.length-1),c>s.length-1&&(c=0),N(this,Ha,No).call(this,s[c]),s[c].focus()}};Gt=new WeakMap;Te=new WeakMap;oe=new WeakMap;Co=new WeakMap;Pa=new WeakMap;Ve=new WeakMap;Ba=new WeakMap;gn=new WeakSet;Lc=function(e){let t=e.target;for(let i of t.assignedNodes({flatten:!0}))i.nodeType===3&&i.textContent.trim()===""&&i.remove();["header","title"].includes(t.name)&&N(this,xo,Cn).call(this),t.name||O(this,Oo).call(this)};xo=new WeakSet;Cn=function(){let e=this.shadowRoot.querySelector('slot[name="header"]'),t=this.shadowRoot.querySelector('slot[name="title"]');e.hidden=t.assignedNodes().length===0&&e.assignedNodes().length===0};Oo=new WeakMap;Ro=new WeakSet;_n=function(){var e;let t=this.shadowRoot.querySelector("#layout-row"),i=(e=getComputedStyle(this).getPropertyValue("--media-menu-layout"))==null?void 0:e.trim();t.setAttribute("media",i==="row"?"":"width:0")};bn=new WeakSet;wc=function(e){gt(this,oe,e.relatedTarget),at(this,e.relatedTarget)||(this.hidden=!this.hidden)};An=new WeakSet;Cc=function(){var e;(e=O(this,oe))==null||e.setAttribute("aria-expanded","true"),this.addEventListener("transitionend",()=>this.focus(),{once:!0}),jt($a(this),O(this,Ii)),jt(this,O(this,yi))};Tn=new WeakSet;Rc=function(){var e;(e=O(this,oe))==null||e.setAttribute("aria-expanded","false"),te($a(this),O(this,Ii)),te(this,O(this,yi))};Ii=new WeakMap;yi=new WeakMap;Mi=new WeakSet;Wa=function(e){if(this.hasAttribute("mediacontroller")&&!this.anchor||this.hidden||!this.anchorElement)return;let{x:t,y:i}=yc({anchor:this.anchorElement,floating:this,placement:"top-start"});e??(e=this.offsetWidth);let r=$a(this).getBoundingClientRect(),s=r.width-t-e,l=r.height-i-this.offsetHeight,{style:d}=O(this,Ba);d.setProperty("position","absolute"),d.setProperty("right",`${Math.max(0,s)}px`),d.setProperty("--_menu-bottom",`${l}px`);let c=getComputedStyle(this),y=d.getPropertyValue("--_menu-bottom")===c.bottom?l:parseFloat(c.bottom),I=r.height-y-parseFloat(c.marginBottom);this.style.setProperty("--_menu-max-height",`${I}px`)};Uo=new WeakSet;Rn=function(e){let t=this.querySelector('[role="menuitem"][aria-haspopup][aria-expanded="true"]'),i=t?.querySelector('[role="menu"]'),{style:a}=O(this,Ba);if(e||a.setProperty("--media-menu-transition-in","none"),i){let r=i.offsetHeight,s=Math.max(i.offsetWidth,t.offsetWidth);this.style.setProperty("min-width",`${s}px`),this.style.setProperty("min-height",`${r}px`),N(this,Mi,Wa).call(this,s)}else this.style.removeProperty("min-width"),this.style.removeProperty("min-height"),N(this,Mi,Wa).call(this);a.removeProperty("--media-menu-transition-in")};Sn=new WeakSet;Dc=function(e){var t;if(e.stopPropagation(),e.composedPath().includes(O(this,Dn,xc))){(t=O(this,Te))==null||t.focus(),this.hidden=!0;return}let i=N(this,Na,Po).call(this,e);!i||i.hasAttribute("disabled")||(N(this,Ha,No).call(this,i),this.handleSelect(e))};Dn=new WeakSet;xc=function(){var e;return(e=this.shadowRoot.querySelector('slot[name="header"]').assignedElements({flatten:!0}))==null?void 0:e.find(i=>i.matches('button[part~="back"]'))};kn=new WeakSet;Oc=function(e){if(e.target===this)return;N(this,xn,Uc).call(this);let t=Array.from(this.querySelectorAll('[role="menuitem"][aria-haspopup]'));for(let i of t)i.invokeTargetElement!=e.target&&e.newState=="open"&&i.getAttribute("aria-expanded")=="true"&&!i.invokeTargetElement.hidden&&i.invokeTargetElement.dispatchEvent(new Ae({relatedTarget:i}));for(let i of t)i.setAttribute("aria-expanded",`${!i.submenuElement.hidden}`);N(this,Uo,Rn).call(this,!0)};xn=new WeakSet;Uc=function(){let t=this.querySelector('[role="menuitem"] > [role="menu"]:not([hidden])');this.container.classList.toggle("has-expanded",!!t)};In=new WeakSet;Pc=function(e){var t;at(this,e.relatedTarget)||(O(this,Ve)&&((t=O(this,Te))==null||t.focus()),O(this,oe)&&O(this,oe)!==e.relatedTarget&&!this.hidden&&(this.hidden=!0))};yn=new WeakSet;Nc=function(e){var t,i,a,r,s;let{key:l,ctrlKey:d,altKey:c,metaKey:A}=e;if(!(d||c||A)&&this.keysUsed.includes(l))if(e.preventDefault(),e.stopPropagation(),l==="Tab"){if(O(this,Ve)){this.hidden=!0;return}e.shiftKey?(i=(t=this.previousElementSibling)==null?void 0:t.focus)==null||i.call(t):(r=(a=this.nextElementSibling)==null?void 0:a.focus)==null||r.call(a),this.blur()}else l==="Escape"?((s=O(this,Te))==null||s.focus(),O(this,Ve)&&(this.hidden=!0)):l==="Enter"||l===" "?this.handleSelect(e):this.handleMove(e)};Na=new WeakSet;Po=function(e){return e.composedPath().find(t=>["menuitemradio","menuitemcheckbox"].includes(t.role))};Mn=new WeakSet;Hc=function(){return this.items.find(e=>e.tabIndex===0)};Ha=new WeakSet;No=function(e){for(let t of this.items)t.tabIndex=t===e?0:-1};Do=new WeakSet;Ln=function(e,t){let i=[...this.checkedItems];e.type==="radio"&&this.radioGroupItems.forEach(a=>a.checked=!1),t?e.checked=!e.checked:e.checked=!0,this.checkedItems.some((a,r)=>a!=i[r])&&this.dispatchEvent(new Event("change",{bubbles:!0,composed:!0}))};Y.shadowRootOptions={mode:"open"};Y.getTemplateHTML=Vm;function Km(e){return["menuitem","menuitemradio","menuitemcheckbox"].includes(e?.role)}function $a(e){var t;return(t=e.getAttribute("bounds")?Rt(e,`#${e.getAttribute("bounds")}`):H(e)||e.parentElement)!=null?t:e}n.customElements.get("media-chrome-menu")||n.customElements.define("media-chrome-menu",Y);var Bn=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},ot=(e,t,i)=>(Bn(e,t,"read from private field"),i?i.call(e):t.get(e)),se=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},On=(e,t,i,a)=>(Bn(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),wi=(e,t,i)=>(Bn(e,t,"access private method"),i),Ho,Va,Un,Bc,Wo,Wn,$n,Wc,Yt,Li,Pn,Bo,Nn;function Gm(e){return`
    <style>
      :host {
        transition: var(--media-menu-item-transition,
          background .15s linear,
          opacity .2s ease-in-out
        );
        outline: var(--media-menu-item-outline, 0);
        outline-offset: var(--media-menu-item-outline-offset, -1px);
        cursor: var(--media-cursor, pointer);
        display: flex;
        align-items: center;
        align-self: stretch;
        justify-self: stretch;
        white-space: nowrap;
        white-space-collapse: collapse;
        text-wrap: nowrap;
        padding: .4em .8em .4em 1em;
      }

      :host(:focus-visible) {
        box-shadow: var(--media-menu-item-focus-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        outline: var(--media-menu-item-hover-outline, 0);
        outline-offset: var(--media-menu-item-hover-outline-offset,  var(--media-menu-item-outline-offset, -1px));
      }

      :host(:hover) {
        cursor: var(--media-cursor, pointer);
        background: var(--media-menu-item-hover-background, rgb(92 92 102 / .5));
        outline: var(--media-menu-item-hover-outline);
        outline-offset: var(--media-menu-item-hover-outline-offset,  var(--media-menu-item-outline-offset, -1px));
      }

      :host([aria-checked="true"]) {
        background: var(--media-menu-item-checked-background);
      }

      :host([hidden]) {
        display: none;
      }

      :host([disabled]) {
        pointer-events: none;
        color: rgba(255, 255, 255, .3);
      }

      slot:not([name]) {
        width: 100%;
      }

      slot:not([name="submenu"]) {
        display: inline-flex;
        align-items: center;
        transition: inherit;
        opacity: var(--media-menu-item-opacity, 1);
      }

      slot[name="description"] {
        justify-content: end;
      }

      slot[name="description"] > span {
        display: inline-block;
        margin-inline: 1em .2em;
        max-width: var(--media-menu-item-description-max-width, 100px);
        text-overflow: ellipsis;
        overflow: hidden;
        font-size: .8em;
        font-weight: 400;
        text-align: right;
        position: relative;
        top: .04em;
      }

      slot[name="checked-indicator"] {
        display: none;
      }

      :host(:is([role="menuitemradio"],[role="menuitemcheckbox"])) slot[name="checked-indicator"] {
        display: var(--media-menu-item-checked-indicator-display, inline-block);
      }

      
      svg, img, ::slotted(svg), ::slotted(img) {
        height: var(--media-menu-item-icon-height, var(--media-control-height, 24px));
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        display: block;
      }

      
      [part~="indicator"],
      ::slotted([part~="indicator"]) {
        fill: var(--media-menu-item-indicator-fill,
          var(--media-icon-color, var(--media-primary-color, rgb(238 238 238))));
        height: var(--media-menu-item-indicator-height, 1.25em);
        margin-right: .5ch;
      }

      [part~="checked-indicator"] {
        visibility: hidden;
      }

      :host([aria-checked="true"]) [part~="checked-indicator"] {
        visibility: visible;
      }
    </style>
    <slot name="checked-indicator">
      <svg aria-hidden="true" viewBox="0 1 24 24" part="checked-indicator indicator">
        <path d="m10 15.17 9.193-9.191 1.414 1.414-10.606 10.606-6.364-6.364 1.414-1.414 4.95 4.95Z"/>
      </svg>
    </slot>
    <slot name="prefix"></slot>
    <slot></slot>
    <slot name="description"></slot>
    <slot name="suffix">
      ${this.getSuffixSlotInnerHTML(e)}
    </slot>
    <slot name="submenu"></slot>
  `}function qm(e){return""}var _t={TYPE:"type",VALUE:"value",CHECKED:"checked",DISABLED:"disabled"},Et=class extends n.HTMLElement{constructor(){if(super(),se(this,Un),se(this,Wo),se(this,$n),se(this,Bo),se(this,Ho,!1),se(this,Va,void 0),se(this,Yt,()=>{var t,i;this.submenuElement.items&&this.setAttribute("submenusize",`${this.submenuElement.items.length}`);let a=this.shadowRoot.querySelector('slot[name="description"]'),r=(t=this.submenuElement.checkedItems)==null?void 0:t[0],s=(i=r?.dataset.description)!=null?i:r?.text,l=F.createElement("span");l.textContent=s??"",a.replaceChildren(l)}),se(this,Li,t=>{let{key:i}=t;if(!this.keysUsed.includes(i)){this.removeEventListener("keyup",ot(this,Li));return}this.handleClick(t)}),se(this,Pn,t=>{let{metaKey:i,altKey:a,key:r}=t;if(i||a||!this.keysUsed.includes(r)){this.removeEventListener("keyup",ot(this,Li));return}this.addEventListener("keyup",ot(this,Li),{once:!0})}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let t=$(this.attributes);W(this.shadowRoot,this.constructor.getTemplateHTML(t))}}static get observedAttributes(){return[_t.TYPE,_t.DISABLED,_t.CHECKED,_t.VALUE]}enable(){this.hasAttribute("tabindex")||this.setAttribute("tabindex","-1"),Fa(this)&&!this.hasAttribute("aria-checked")&&this.setAttribute("aria-checked","false"),this.addEventListener("click",this),this.addEventListener("keydown",this)}disable(){this.removeAttribute("tabindex"),this.removeEventListener("click",this),this.removeEventListener("keydown",this),this.removeEventListener("keyup",this)}handleEvent(t){switch(t.type){case"slotchange":wi(this,Un,Bc).call(this,t);break;case"click":this.handleClick(t);break;case"keydown":ot(this,Pn).call(this,t);break;case"keyup":ot(this,Li).call(this,t);break}}attributeChangedCallback(t,i,a){t===_t.CHECKED&&Fa(this)&&!ot(this,Ho)?this.setAttribute("aria-checked",a!=null?"true":"false"):t===_t.TYPE&&a!==i?this.role="menuitem"+a:t===_t.DISABLED&&a!==i&&(a==null?this.enable():this.disable())}connectedCallback(){this.hasAttribute(_t.DISABLED)||this.enable(),this.role="menuitem"+this.type,On(this,Va,Hn(this,this.parentNode)),wi(this,Bo,Nn).call(this),this.submenuElement&&wi(this,Wo,Wn).call(this),this.shadowRoot.addEventListener("slotchange",this)}disconnectedCallback(){this.disable(),wi(this,Bo,Nn).call(this),On(this,Va,null),this.shadowRoot.removeEventListener("slotchange",this)}get invokeTarget(){return this.getAttribute("invoketarget")}set invokeTarget(t){this.setAttribute("invoketarget",`${t}`)}get invokeTargetElement(){var t;return this.invokeTarget?(t=Me(this))==null?void 0:t.querySelector(`#${this.invokeTarget}`):this.submenuElement}get submenuElement(){return this.shadowRoot.querySelector('slot[name="submenu"]').assignedElements({flatten:!0})[0]}get type(){var t;return(t=this.getAttribute(_t.TYPE))!=null?t:""}set type(t){this.setAttribute(_t.TYPE,`${t}`)}get value(){var t;return(t=this.getAttribute(_t.VALUE))!=null?t:this.text}set value(t){this.setAttribute(_t.VALUE,t)}get text(){var t;return((t=this.textContent)!=null?t:"").trim()}get checked(){if(Fa(this))return this.getAttribute("aria-checked")==="true"}set checked(t){Fa(this)&&(On(this,Ho,!0),this.setAttribute("aria-checked",t?"true":"false"),t?this.part.add("checked"):this.part.remove("checked"))}handleClick(t){Fa(this)||this.invokeTargetElement&&at(this,t.target)&&this.invokeTargetElement.dispatchEvent(new Ae({relatedTarget:this}))}get keysUsed(){return["Enter"," "]}};Ho=new WeakMap;Va=new WeakMap;Un=new WeakSet;Bc=function(e){let t=e.target;if(!t?.name)for(let a of t.assignedNodes({flatten:!0}))a instanceof Text&&a.textContent.trim()===""&&a.remove();t.name==="submenu"&&(this.submenuElement?wi(this,Wo,Wn).call(this):wi(this,$n,Wc).call(this))};Wo=new WeakSet;Wn=async function(){this.setAttribute("aria-haspopup","menu"),this.setAttribute("aria-expanded",`${!this.submenuElement.hidden}`),this.submenuElement.addEventListener("change",ot(this,Yt)),this.submenuElement.addEventListener("addmenuitem",ot(this,Yt)),this.submenuElement.addEventListener("removemenuitem",ot(this,Yt)),ot(this,Yt).call(this)};$n=new WeakSet;Wc=function(){this.removeAttribute("aria-haspopup"),this.removeAttribute("aria-expanded"),this.submenuElement.removeEventListener("change",ot(this,Yt)),this.submenuElement.removeEventListener("addmenuitem",ot(this,Yt)),this.submenuElement.removeEventListener("removemenuitem",ot(this,Yt)),ot(this,Yt).call(this)};Yt=new WeakMap;Li=new WeakMap;Pn=new WeakMap;Bo=new WeakSet;Nn=function(){var e;let t=(e=ot(this,Va))==null?void 0:e.radioGroupItems;if(!t)return;let i=t.filter(a=>a.getAttribute("aria-checked")==="true").pop();i||(i=t[0]);for(let a of t)a.setAttribute("aria-checked","false");i?.setAttribute("aria-checked","true")};Et.shadowRootOptions={mode:"open"};Et.getTemplateHTML=Gm;Et.getSuffixSlotInnerHTML=qm;function Fa(e){return e.type==="radio"||e.type==="checkbox"}function Hn(e,t){if(!e)return null;let{host:i}=e.getRootNode();return!t&&i?Hn(e,i):t?.items?t:Hn(t,t?.parentNode)}n.customElements.get("media-chrome-menu-item")||n.customElements.define("media-chrome-menu-item",Et);function Ym(e){return`
    ${Y.getTemplateHTML(e)}
    <style>
      :host {
        --_menu-bg: rgb(20 20 30 / .8);
        background: var(--media-settings-menu-background,
            var(--media-menu-background,
              var(--media-control-background,
                var(--media-secondary-color, var(--_menu-bg)))));
        min-width: var(--media-settings-menu-min-width, 170px);
        border-radius: 2px 2px 0 0;
        overflow: hidden;
      }

      @-moz-document url-prefix() {
        :host{
          --_menu-bg: rgb(20 20 30);
        }
      }

      :host([role="menu"]) {
        
        justify-content: end;
      }

      slot:not([name]) {
        justify-content: var(--media-settings-menu-justify-content);
        flex-direction: var(--media-settings-menu-flex-direction, column);
        overflow: visible;
      }

      #container.has-expanded {
        --media-settings-menu-item-opacity: 0;
      }
    </style>
  `}var Ka=class extends Y{get anchorElement(){return this.anchor!=="auto"?super.anchorElement:H(this).querySelector("media-settings-menu-button")}};Ka.getTemplateHTML=Ym;n.customElements.get("media-settings-menu")||n.customElements.define("media-settings-menu",Ka);function Qm(e){return`
    ${Et.getTemplateHTML.call(this,e)}
    <style>
      slot:not([name="submenu"]) {
        opacity: var(--media-settings-menu-item-opacity, var(--media-menu-item-opacity));
      }

      :host([aria-expanded="true"]:hover) {
        background: transparent;
      }
    </style>
  `}function zm(e){return`
    <svg aria-hidden="true" viewBox="0 0 20 24">
      <path d="m8.12 17.585-.742-.669 4.2-4.665-4.2-4.666.743-.669 4.803 5.335-4.803 5.334Z"/>
    </svg>
  `}var Ke=class extends Et{};Ke.shadowRootOptions={mode:"open"};Ke.getTemplateHTML=Qm;Ke.getSuffixSlotInnerHTML=zm;n.customElements.get("media-settings-menu-item")||n.customElements.define("media-settings-menu-item",Ke);var dt=class extends x{connectedCallback(){super.connectedCallback(),this.invokeTargetElement&&this.setAttribute("aria-haspopup","menu")}get invokeTarget(){return this.getAttribute("invoketarget")}set invokeTarget(t){this.setAttribute("invoketarget",`${t}`)}get invokeTargetElement(){var t;return this.invokeTarget?(t=Me(this))==null?void 0:t.querySelector(`#${this.invokeTarget}`):null}handleClick(){var t;(t=this.invokeTargetElement)==null||t.dispatchEvent(new Ae({relatedTarget:this}))}};n.customElements.get("media-chrome-menu-button")||n.customElements.define("media-chrome-menu-button",dt);function Zm(){return`
    <style>
      :host([aria-expanded="true"]) slot[name=tooltip] {
        display: none;
      }
    </style>
    <slot name="icon">
      <svg aria-hidden="true" viewBox="0 0 24 24">
        <path d="M4.5 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm7.5 0a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm7.5 0a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z"/>
      </svg>
    </slot>
  `}function Xm(){return u("Settings")}var Ci=class extends dt{static get observedAttributes(){return[...super.observedAttributes,"target"]}connectedCallback(){super.connectedCallback(),this.setAttribute("aria-label",u("settings"))}get invokeTargetElement(){return this.invokeTarget!=null?super.invokeTargetElement:H(this).querySelector("media-settings-menu")}};Ci.getSlotTemplateHTML=Zm;Ci.getTooltipContentHTML=Xm;n.customElements.get("media-settings-menu-button")||n.customElements.define("media-settings-menu-button",Ci);var Gn=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},$c=(e,t,i)=>(Gn(e,t,"read from private field"),i?i.call(e):t.get(e)),$o=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},Fn=(e,t,i,a)=>(Gn(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),Fo=(e,t,i)=>(Gn(e,t,"access private method"),i),Ga,Go,Vo,Vn,Ko,Kn,qo=class extends Y{constructor(){super(...arguments),$o(this,Vo),$o(this,Ko),$o(this,Ga,[]),$o(this,Go,void 0)}static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_AUDIO_TRACK_LIST,o.MEDIA_AUDIO_TRACK_ENABLED,o.MEDIA_AUDIO_TRACK_UNAVAILABLE]}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),t===o.MEDIA_AUDIO_TRACK_ENABLED&&i!==a?this.value=a:t===o.MEDIA_AUDIO_TRACK_LIST&&i!==a&&(Fn(this,Ga,Fl(a??"")),Fo(this,Vo,Vn).call(this))}connectedCallback(){super.connectedCallback(),this.addEventListener("change",Fo(this,Ko,Kn))}disconnectedCallback(){super.disconnectedCallback(),this.removeEventListener("change",Fo(this,Ko,Kn))}get anchorElement(){var t;return this.anchor!=="auto"?super.anchorElement:(t=H(this))==null?void 0:t.querySelector("media-audio-track-menu-button")}get mediaAudioTrackList(){return $c(this,Ga)}set mediaAudioTrackList(t){Fn(this,Ga,t),Fo(this,Vo,Vn).call(this)}get mediaAudioTrackEnabled(){var t;return(t=S(this,o.MEDIA_AUDIO_TRACK_ENABLED))!=null?t:""}set mediaAudioTrackEnabled(t){T(this,o.MEDIA_AUDIO_TRACK_ENABLED,t)}};Ga=new WeakMap;Go=new WeakMap;Vo=new WeakSet;Vn=function(){if($c(this,Go)===JSON.stringify(this.mediaAudioTrackList))return;Fn(this,Go,JSON.stringify(this.mediaAudioTrackList));let e=this.mediaAudioTrackList;this.defaultSlot.textContent="",e.sort((t,i)=>t.id.localeCompare(i.id,void 0,{numeric:!0}));for(let t of e){let i=this.formatMenuItemText(t.label,t),a=qt({type:"radio",text:i,value:`${t.id}`,checked:t.enabled});a.prepend(Ct(this,"checked-indicator")),this.defaultSlot.append(a)}};Ko=new WeakSet;Kn=function(){if(this.value==null)return;let e=new n.CustomEvent(h.MEDIA_AUDIO_TRACK_REQUEST,{composed:!0,bubbles:!0,detail:this.value});this.dispatchEvent(e)};n.customElements.get("media-audio-track-menu")||n.customElements.define("media-audio-track-menu",qo);var Jm=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M11 17H9.5V7H11v10Zm-3-3H6.5v-4H8v4Zm6-5h-1.5v6H14V9Zm3 7h-1.5V8H17v8Z"/>
  <path d="M22 12c0 5.523-4.477 10-10 10S2 17.523 2 12 6.477 2 12 2s10 4.477 10 10Zm-2 0a8 8 0 1 0-16 0 8 8 0 0 0 16 0Z"/>
</svg>`;function jm(){return`
    <style>
      :host([aria-expanded="true"]) slot[name=tooltip] {
        display: none;
      }
    </style>
    <slot name="icon">${Jm}</slot>
  `}function tp(){return u("Audio")}var Fc=e=>{let t=u("Audio");e.setAttribute("aria-label",t)},Ri=class extends dt{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_AUDIO_TRACK_ENABLED,o.MEDIA_AUDIO_TRACK_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),Fc(this)}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),t===o.MEDIA_LANG&&Fc(this)}get invokeTargetElement(){var t;return this.invokeTarget!=null?super.invokeTargetElement:(t=H(this))==null?void 0:t.querySelector("media-audio-track-menu")}get mediaAudioTrackEnabled(){var t;return(t=S(this,o.MEDIA_AUDIO_TRACK_ENABLED))!=null?t:""}set mediaAudioTrackEnabled(t){T(this,o.MEDIA_AUDIO_TRACK_ENABLED,t)}};Ri.getSlotTemplateHTML=jm;Ri.getTooltipContentHTML=tp;n.customElements.get("media-audio-track-menu-button")||n.customElements.define("media-audio-track-menu-button",Ri);var zn=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},ep=(e,t,i)=>(zn(e,t,"read from private field"),i?i.call(e):t.get(e)),qn=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},ip=(e,t,i,a)=>(zn(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),Yo=(e,t,i)=>(zn(e,t,"access private method"),i),Zo,Qo,Yn,zo,Qn,ap=`
  <svg aria-hidden="true" viewBox="0 0 26 24" part="captions-indicator indicator">
    <path d="M22.83 5.68a2.58 2.58 0 0 0-2.3-2.5c-3.62-.24-11.44-.24-15.06 0a2.58 2.58 0 0 0-2.3 2.5c-.23 4.21-.23 8.43 0 12.64a2.58 2.58 0 0 0 2.3 2.5c3.62.24 11.44.24 15.06 0a2.58 2.58 0 0 0 2.3-2.5c.23-4.21.23-8.43 0-12.64Zm-11.39 9.45a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.92 3.92 0 0 1 .92-2.77 3.18 3.18 0 0 1 2.43-1 2.94 2.94 0 0 1 2.13.78c.364.359.62.813.74 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.17 1.61 1.61 0 0 0-1.29.58 2.79 2.79 0 0 0-.5 1.89 3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.48 1.48 0 0 0 1-.37 2.1 2.1 0 0 0 .59-1.14l1.4.44a3.23 3.23 0 0 1-1.07 1.69Zm7.22 0a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.88 3.88 0 0 1 .93-2.77 3.14 3.14 0 0 1 2.42-1 3 3 0 0 1 2.16.82 2.8 2.8 0 0 1 .73 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.21 1.61 1.61 0 0 0-1.29.58A2.79 2.79 0 0 0 15 12a3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.44 1.44 0 0 0 1-.37 2.1 2.1 0 0 0 .6-1.15l1.4.44a3.17 3.17 0 0 1-1.1 1.7Z"/>
  </svg>`;function rp(e){return`
    ${Y.getTemplateHTML(e)}
    <slot name="captions-indicator" hidden>${ap}</slot>
  `}var qa=class extends Y{constructor(){super(...arguments),qn(this,Qo),qn(this,zo),qn(this,Zo,void 0)}static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_SUBTITLES_LIST,o.MEDIA_SUBTITLES_SHOWING]}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),t===o.MEDIA_SUBTITLES_LIST&&i!==a?Yo(this,Qo,Yn).call(this):t===o.MEDIA_SUBTITLES_SHOWING&&i!==a&&(this.value=a||"",Yo(this,Qo,Yn).call(this))}connectedCallback(){super.connectedCallback(),this.addEventListener("change",Yo(this,zo,Qn))}disconnectedCallback(){super.disconnectedCallback(),this.removeEventListener("change",Yo(this,zo,Qn))}get anchorElement(){return this.anchor!=="auto"?super.anchorElement:H(this).querySelector("media-captions-menu-button")}get mediaSubtitlesList(){return Vc(this,o.MEDIA_SUBTITLES_LIST)}set mediaSubtitlesList(t){Kc(this,o.MEDIA_SUBTITLES_LIST,t)}get mediaSubtitlesShowing(){return Vc(this,o.MEDIA_SUBTITLES_SHOWING)}set mediaSubtitlesShowing(t){Kc(this,o.MEDIA_SUBTITLES_SHOWING,t)}};Zo=new WeakMap;Qo=new WeakSet;Yn=function(){var e;let t=ep(this,Zo)!==JSON.stringify(this.mediaSubtitlesList),i=this.value!==this.getAttribute(o.MEDIA_SUBTITLES_SHOWING);if(!t&&!i)return;ip(this,Zo,JSON.stringify(this.mediaSubtitlesList)),this.defaultSlot.textContent="";let a=!this.value,r=qt({type:"radio",text:this.formatMenuItemText(u("Off")),value:"off",checked:a});r.prepend(Ct(this,"checked-indicator")),this.defaultSlot.append(r);let s=this.mediaSubtitlesList;for(let l of s){let d=qt({type:"radio",text:this.formatMenuItemText(l.label,l),value:Sr(l),checked:this.value==Sr(l)});d.prepend(Ct(this,"checked-indicator")),((e=l.kind)!=null?e:"subs")==="captions"&&d.append(Ct(this,"captions-indicator")),this.defaultSlot.append(d)}};zo=new WeakSet;Qn=function(){let e=this.mediaSubtitlesShowing,t=this.getAttribute(o.MEDIA_SUBTITLES_SHOWING),i=this.value!==t;if(e?.length&&i&&this.dispatchEvent(new n.CustomEvent(h.MEDIA_DISABLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0,detail:e})),!this.value||!i)return;let a=new n.CustomEvent(h.MEDIA_SHOW_SUBTITLES_REQUEST,{composed:!0,bubbles:!0,detail:this.value});this.dispatchEvent(a)};qa.getTemplateHTML=rp;var Vc=(e,t)=>{let i=e.getAttribute(t);return i?xe(i):[]},Kc=(e,t,i)=>{if(!i?.length){e.removeAttribute(t);return}let a=ae(i);e.getAttribute(t)!==a&&e.setAttribute(t,a)};n.customElements.get("media-captions-menu")||n.customElements.define("media-captions-menu",qa);var op=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M22.83 5.68a2.58 2.58 0 0 0-2.3-2.5c-3.62-.24-11.44-.24-15.06 0a2.58 2.58 0 0 0-2.3 2.5c-.23 4.21-.23 8.43 0 12.64a2.58 2.58 0 0 0 2.3 2.5c3.62.24 11.44.24 15.06 0a2.58 2.58 0 0 0 2.3-2.5c.23-4.21.23-8.43 0-12.64Zm-11.39 9.45a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.92 3.92 0 0 1 .92-2.77 3.18 3.18 0 0 1 2.43-1 2.94 2.94 0 0 1 2.13.78c.364.359.62.813.74 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.17 1.61 1.61 0 0 0-1.29.58 2.79 2.79 0 0 0-.5 1.89 3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.48 1.48 0 0 0 1-.37 2.1 2.1 0 0 0 .59-1.14l1.4.44a3.23 3.23 0 0 1-1.07 1.69Zm7.22 0a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.88 3.88 0 0 1 .93-2.77 3.14 3.14 0 0 1 2.42-1 3 3 0 0 1 2.16.82 2.8 2.8 0 0 1 .73 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.21 1.61 1.61 0 0 0-1.29.58A2.79 2.79 0 0 0 15 12a3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.44 1.44 0 0 0 1-.37 2.1 2.1 0 0 0 .6-1.15l1.4.44a3.17 3.17 0 0 1-1.1 1.7Z"/>
</svg>`,sp=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M17.73 14.09a1.4 1.4 0 0 1-1 .37 1.579 1.579 0 0 1-1.27-.58A3 3 0 0 1 15 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34A2.89 2.89 0 0 0 19 9.07a3 3 0 0 0-2.14-.78 3.14 3.14 0 0 0-2.42 1 3.91 3.91 0 0 0-.93 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.17 3.17 0 0 0 1.07-1.74l-1.4-.45c-.083.43-.3.822-.62 1.12Zm-7.22 0a1.43 1.43 0 0 1-1 .37 1.58 1.58 0 0 1-1.27-.58A3 3 0 0 1 7.76 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34a2.81 2.81 0 0 0-.74-1.32 2.94 2.94 0 0 0-2.13-.78 3.18 3.18 0 0 0-2.43 1 4 4 0 0 0-.92 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.23 3.23 0 0 0 1.07-1.74l-1.4-.45a2.06 2.06 0 0 1-.6 1.07Zm12.32-8.41a2.59 2.59 0 0 0-2.3-2.51C18.72 3.05 15.86 3 13 3c-2.86 0-5.72.05-7.53.17a2.59 2.59 0 0 0-2.3 2.51c-.23 4.207-.23 8.423 0 12.63a2.57 2.57 0 0 0 2.3 2.5c1.81.13 4.67.19 7.53.19 2.86 0 5.72-.06 7.53-.19a2.57 2.57 0 0 0 2.3-2.5c.23-4.207.23-8.423 0-12.63Zm-1.49 12.53a1.11 1.11 0 0 1-.91 1.11c-1.67.11-4.45.18-7.43.18-2.98 0-5.76-.07-7.43-.18a1.11 1.11 0 0 1-.91-1.11c-.21-4.14-.21-8.29 0-12.43a1.11 1.11 0 0 1 .91-1.11C7.24 4.56 10 4.49 13 4.49s5.76.07 7.43.18a1.11 1.11 0 0 1 .91 1.11c.21 4.14.21 8.29 0 12.43Z"/>
</svg>`;function np(){return`
    <style>
      :host([data-captions-enabled="true"]) slot[name=off] {
        display: none !important;
      }

      
      :host(:not([data-captions-enabled="true"])) slot[name=on] {
        display: none !important;
      }

      :host([aria-expanded="true"]) slot[name=tooltip] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="on">${op}</slot>
      <slot name="off">${sp}</slot>
    </slot>
  `}function lp(){return u("Captions")}var Gc=e=>{e.setAttribute("data-captions-enabled",kr(e).toString())},qc=e=>{e.setAttribute("aria-label",u("closed captions"))},Di=class extends dt{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_SUBTITLES_LIST,o.MEDIA_SUBTITLES_SHOWING,o.MEDIA_LANG]}connectedCallback(){super.connectedCallback(),qc(this),Gc(this)}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),t===o.MEDIA_SUBTITLES_SHOWING?Gc(this):t===o.MEDIA_LANG&&qc(this)}get invokeTargetElement(){var t;return this.invokeTarget!=null?super.invokeTargetElement:(t=H(this))==null?void 0:t.querySelector("media-captions-menu")}get mediaSubtitlesList(){return Yc(this,o.MEDIA_SUBTITLES_LIST)}set mediaSubtitlesList(t){Qc(this,o.MEDIA_SUBTITLES_LIST,t)}get mediaSubtitlesShowing(){return Yc(this,o.MEDIA_SUBTITLES_SHOWING)}set mediaSubtitlesShowing(t){Qc(this,o.MEDIA_SUBTITLES_SHOWING,t)}};Di.getSlotTemplateHTML=np;Di.getTooltipContentHTML=lp;var Yc=(e,t)=>{let i=e.getAttribute(t);return i?xe(i):[]},Qc=(e,t,i)=>{if(!i?.length){e.removeAttribute(t);return}let a=ae(i);e.getAttribute(t)!==a&&e.setAttribute(t,a)};n.customElements.get("media-captions-menu-button")||n.customElements.define("media-captions-menu-button",Di);var zc=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},Oi=(e,t,i)=>(zc(e,t,"read from private field"),i?i.call(e):t.get(e)),Zn=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},xi=(e,t,i)=>(zc(e,t,"access private method"),i),Se,Ui,Ya,Xo,Jn,Xn={RATES:"rates"},Jo=class extends Y{constructor(){super(),Zn(this,Ui),Zn(this,Xo),Zn(this,Se,new he(this,Xn.RATES,{defaultValue:Xs})),xi(this,Ui,Ya).call(this)}static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_PLAYBACK_RATE,Xn.RATES]}attributeChangedCallback(t,i,a){super.attributeChangedCallback(t,i,a),t===o.MEDIA_PLAYBACK_RATE&&i!=a?(this.value=a,xi(this,Ui,Ya).call(this)):t===Xn.RATES&&i!=a&&(Oi(this,Se).value=a,xi(this,Ui,Ya).call(this))}connectedCallback(){super.connectedCallback(),this.addEventListener("change",xi(this,Xo,Jn))}disconnectedCallback(){super.disconnectedCallback(),this.removeEventListener("change",xi(this,Xo,Jn))}get anchorElement(){return this.anchor!=="auto"?super.anchorElement:H(this).querySelector("media-playback-rate-menu-button")}get rates(){return Oi(this,Se)}set rates(t){t?Array.isArray(t)?Oi(this,Se).value=t.join(" "):typeof t=="string"&&(Oi(this,Se).value=t):Oi(this,Se).value="",xi(this,Ui,Ya).call(this)}get mediaPlaybackRate(){return w(this,o.MEDIA_PLAYBACK_RATE,Be)}set mediaPlaybackRate(t){R(this,o.MEDIA_PLAYBACK_RATE,t)}};Se=new WeakMap;Ui=new WeakSet;Ya=function(){this.defaultSlot.textContent="";let e=Wt(this.mediaPlaybackRate),t=new Set(Array.from(Oi(this,Se)).map(a=>Wt(Number(a))));e>0&&!t.has(e)&&t.add(e);let i=Array.from(t).sort((a,r)=>a-r);for(let a of i){let r=qt({type:"radio",text:this.formatMenuItemText(`${a}x`,a),value:a.toString(),checked:e===a});r.prepend(Ct(this,"checked-indicator")),this.defaultSlot.append(r)}};Xo=new WeakSet;Jn=function(){if(!this.value)return;let e=new n.CustomEvent(h.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:this.value});this.dispatchEvent(e)};n.customElements.get("media-playback-rate-menu")||n.customElements.define("media-playback-rate-menu",Jo);var jo=1;function dp(e){return`
    <style>
      :host {
        min-width: 5ch;
        padding: var(--media-button-padding, var(--media-control-padding, 10px 5px));
      }

      :host([aria-expanded="true"]) slot {
        display: block;
      }

      :host([aria-expanded="true"]) slot[name=tooltip] {
        display: none;
      }
    </style>
    <slot name="icon">${e.mediaplaybackrate?Wt(+e.mediaplaybackrate):jo}x</slot>
  `}function cp(){return u("Playback rate")}var Pi=class extends dt{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_PLAYBACK_RATE]}constructor(){var t;super(),this.container=this.shadowRoot.querySelector('slot[name="icon"]'),this.container.innerHTML=`${Wt((t=this.mediaPlaybackRate)!=null?t:jo)}x`}attributeChangedCallback(t,i,a){if(super.attributeChangedCallback(t,i,a),t===o.MEDIA_PLAYBACK_RATE){let r=a?+a:Number.NaN,s=Wt(Number.isNaN(r)?jo:r);this.container.innerHTML=`${s}x`,this.setAttribute("aria-label",u("Playback rate {playbackRate}",{playbackRate:s}))}}get invokeTargetElement(){return this.invokeTarget!=null?super.invokeTargetElement:H(this).querySelector("media-playback-rate-menu")}get mediaPlaybackRate(){return w(this,o.MEDIA_PLAYBACK_RATE,jo)}set mediaPlaybackRate(t){R(this,o.MEDIA_PLAYBACK_RATE,t)}};Pi.getSlotTemplateHTML=dp;Pi.getTooltipContentHTML=cp;n.customElements.get("media-playback-rate-menu-button")||n.customElements.define("media-playback-rate-menu-button",Pi);var tl=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},ne=(e,t,i)=>(tl(e,t,"read from private field"),i?i.call(e):t.get(e)),ts=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},Zc=(e,t,i,a)=>(tl(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),Ni=(e,t,i)=>(tl(e,t,"access private method"),i),Qa,Qt,Hi,za,es,jn,is=class extends Y{constructor(){super(...arguments),ts(this,Hi),ts(this,es),ts(this,Qa,[]),ts(this,Qt,{})}static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_RENDITION_LIST,o.MEDIA_RENDITION_SELECTED,o.MEDIA_RENDITION_UNAVAILABLE,o.MEDIA_HEIGHT,o.MEDIA_WIDTH]}static formatMenuItemText(t,i){return super.formatMenuItemText(t,i)}static formatRendition(t,{showBitrate:i=!1}={}){let a=`${Math.min(t.width,t.height)}p`;if(i&&t.bitrate){let r=t.bitrate/1e6,s=`${r.toFixed(r<1?1:0)} Mbps`;return`${a} (${s})`}return this.formatMenuItemText(a,t)}static compareRendition(t,i){var a,r;return i.height===t.height?((a=i.bitrate)!=null?a:0)-((r=t.bitrate)!=null?r:0):i.height-t.height}attributeChangedCallback(t,i,a){if(super.attributeChangedCallback(t,i,a),i!==a)switch(t){case o.MEDIA_RENDITION_SELECTED:this.value=a??"auto",Ni(this,Hi,za).call(this);break;case o.MEDIA_RENDITION_LIST:Zc(this,Qa,Wl(a)),Ni(this,Hi,za).call(this);break;case o.MEDIA_HEIGHT:case o.MEDIA_WIDTH:Ni(this,Hi,za).call(this);break}}connectedCallback(){super.connectedCallback(),this.addEventListener("change",Ni(this,es,jn))}disconnectedCallback(){super.disconnectedCallback(),this.removeEventListener("change",Ni(this,es,jn))}get anchorElement(){return this.anchor!=="auto"?super.anchorElement:H(this).querySelector("media-rendition-menu-button")}get mediaRenditionList(){return ne(this,Qa)}set mediaRenditionList(t){Zc(this,Qa,t),Ni(this,Hi,za).call(this)}get mediaRenditionSelected(){return S(this,o.MEDIA_RENDITION_SELECTED)}set mediaRenditionSelected(t){T(this,o.MEDIA_RENDITION_SELECTED,t)}get mediaHeight(){return w(this,o.MEDIA_HEIGHT)}set mediaHeight(t){R(this,o.MEDIA_HEIGHT,t)}get mediaWidth(){return w(this,o.MEDIA_WIDTH)}set mediaWidth(t){R(this,o.MEDIA_WIDTH,t)}compareRendition(t,i){return this.constructor.compareRendition(t,i)}formatMenuItemText(t,i){return this.constructor.formatMenuItemText(t,i)}formatRendition(t,i){return this.constructor.formatRendition(t,i)}showRenditionBitrate(t){return this.mediaRenditionList.some(i=>i!==t&&i.height===t.height&&i.bitrate!==t.bitrate)}};Qa=new WeakMap;Qt=new WeakMap;Hi=new WeakSet;za=function(){let e=!this.mediaRenditionSelected;if(ne(this,Qt).mediaRenditionList===JSON.stringify(this.mediaRenditionList)&&ne(this,Qt).mediaHeight===this.mediaHeight&&ne(this,Qt).mediaWidth===this.mediaWidth&&ne(this,Qt).isAuto===e)return;ne(this,Qt).mediaRenditionList=JSON.stringify(this.mediaRenditionList),ne(this,Qt).mediaHeight=this.mediaHeight,ne(this,Qt).mediaWidth=this.mediaWidth,ne(this,Qt).isAuto=e;let t=this.mediaRenditionList.sort(this.compareRendition.bind(this)),i=t.find(l=>l.id===this.mediaRenditionSelected);for(let l of t)l.selected=l===i;this.defaultSlot.textContent="";for(let l of t){let d=this.formatRendition(l,{showBitrate:this.showRenditionBitrate(l)}),c=qt({type:"radio",text:d,value:`${l.id}`,checked:l.selected&&!e});c.prepend(Ct(this,"checked-indicator")),this.defaultSlot.append(c)}let a=i&&this.showRenditionBitrate(i),r;e&&(i?r=this.formatMenuItemText(`${u("Auto")} \u2022 ${this.formatRendition(i,{showBitrate:a})}`,i):this.mediaHeight>0&&this.mediaWidth>0&&(r=this.formatMenuItemText(`${u("Auto")} (${Math.min(this.mediaWidth,this.mediaHeight)}p)`))),r||(r=this.formatMenuItemText(u("Auto")));let s=qt({type:"radio",text:r,value:"auto",checked:e});s.dataset.description=r,s.prepend(Ct(this,"checked-indicator")),this.defaultSlot.append(s)};es=new WeakSet;jn=function(){if(this.value==null)return;let e=new n.CustomEvent(h.MEDIA_RENDITION_REQUEST,{composed:!0,bubbles:!0,detail:this.value});this.dispatchEvent(e)};n.customElements.get("media-rendition-menu")||n.customElements.define("media-rendition-menu",is);var up=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M13.5 2.5h2v6h-2v-2h-11v-2h11v-2Zm4 2h4v2h-4v-2Zm-12 4h2v6h-2v-2h-3v-2h3v-2Zm4 2h12v2h-12v-2Zm1 4h2v6h-2v-2h-8v-2h8v-2Zm4 2h7v2h-7v-2Z" />
</svg>`;function hp(){return`
    <style>
      :host([aria-expanded="true"]) slot[name=tooltip] {
        display: none;
      }
    </style>
    <slot name="icon">${up}</slot>
  `}function mp(){return u("Quality")}var Bi=class extends dt{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_RENDITION_SELECTED,o.MEDIA_RENDITION_UNAVAILABLE,o.MEDIA_HEIGHT]}connectedCallback(){super.connectedCallback(),this.setAttribute("aria-label",u("quality"))}get invokeTargetElement(){return this.invokeTarget!=null?super.invokeTargetElement:H(this).querySelector("media-rendition-menu")}get mediaRenditionSelected(){return S(this,o.MEDIA_RENDITION_SELECTED)}set mediaRenditionSelected(t){T(this,o.MEDIA_RENDITION_SELECTED,t)}get mediaHeight(){return w(this,o.MEDIA_HEIGHT)}set mediaHeight(t){R(this,o.MEDIA_HEIGHT,t)}};Bi.getSlotTemplateHTML=hp;Bi.getTooltipContentHTML=mp;n.customElements.get("media-rendition-menu-button")||n.customElements.define("media-rendition-menu-button",Bi);var al=(e,t,i)=>{if(!t.has(e))throw TypeError("Cannot "+i)},Zt=(e,t,i)=>(al(e,t,"read from private field"),i?i.call(e):t.get(e)),zt=(e,t,i)=>{if(t.has(e))throw TypeError("Cannot add the same private member more than once");t instanceof WeakSet?t.add(e):t.set(e,i)},Xc=(e,t,i,a)=>(al(e,t,"write to private field"),a?a.call(e,i):t.set(e,i),i),bt=(e,t,i)=>(al(e,t,"access private method"),i),$i,Za,ls,Ge,Wi,rl,Jc,as,el,rs,il,jc,ss,ns,os;function pp(e){return`
      ${Y.getTemplateHTML(e)}
      <style>
        :host {
          --_menu-bg: rgb(20 20 30 / .8);
          background: var(--media-settings-menu-background,
            var(--media-menu-background,
              var(--media-control-background,
                var(--media-secondary-color, var(--_menu-bg)))));
          min-width: var(--media-settings-menu-min-width, 170px);
          border-radius: 2px;
          overflow: hidden;
        }
      </style>
    `}var Xa=class extends Y{constructor(){super(),zt(this,Za),zt(this,Ge),zt(this,rl),zt(this,as),zt(this,il),zt(this,$i,!1),zt(this,rs,t=>{let i=t.target,a=i?.nodeName==="VIDEO",r=bt(this,as,el).call(this,i);(a||r)&&(Zt(this,$i)?bt(this,Ge,Wi).call(this):bt(this,il,jc).call(this,t))}),zt(this,ss,t=>{let i=t.target,a=this.contains(i),r=t.button===2,s=i?.nodeName==="VIDEO",l=bt(this,as,el).call(this,i);a||r&&(s||l)||bt(this,Ge,Wi).call(this)}),zt(this,ns,t=>{t.key==="Escape"&&bt(this,Ge,Wi).call(this)}),zt(this,os,t=>{var i,a;let r=t.target;if((i=r.matches)!=null&&i.call(r,'button[invoke="copy"]')){let s=(a=r.closest("media-context-menu-item"))==null?void 0:a.querySelector('input[slot="copy"]');s&&navigator.clipboard.writeText(s.value)}bt(this,Ge,Wi).call(this)}),this.setAttribute("noautohide",""),bt(this,Za,ls).call(this)}connectedCallback(){super.connectedCallback(),H(this).addEventListener("contextmenu",Zt(this,rs)),this.addEventListener("click",Zt(this,os))}disconnectedCallback(){super.disconnectedCallback(),H(this).removeEventListener("contextmenu",Zt(this,rs)),this.removeEventListener("click",Zt(this,os)),document.removeEventListener("mousedown",Zt(this,ss)),document.removeEventListener("keydown",Zt(this,ns))}};$i=new WeakMap;Za=new WeakSet;ls=function(){this.hidden=!Zt(this,$i)};Ge=new WeakSet;Wi=function(){Xc(this,$i,!1),bt(this,Za,ls).call(this)};rl=new WeakSet;Jc=function(){document.querySelectorAll("media-context-menu").forEach(t=>{var i;t!==this&&bt(i=t,Ge,Wi).call(i)})};as=new WeakSet;el=function(e){return e?e.hasAttribute("slot")&&e.getAttribute("slot")==="media"?!0:e.nodeName.includes("-")&&e.tagName.includes("-")?e.hasAttribute("src")||e.hasAttribute("poster")||e.hasAttribute("preload")||e.hasAttribute("playsinline"):!1:!1};rs=new WeakMap;il=new WeakSet;jc=function(e){e.preventDefault(),bt(this,rl,Jc).call(this),Xc(this,$i,!0),this.style.position="fixed",this.style.left=`${e.clientX}px`,this.style.top=`${e.clientY}px`,bt(this,Za,ls).call(this),document.addEventListener("mousedown",Zt(this,ss),{once:!0}),document.addEventListener("keydown",Zt(this,ns),{once:!0})};ss=new WeakMap;ns=new WeakMap;os=new WeakMap;Xa.getTemplateHTML=pp;n.customElements.get("media-context-menu")||n.customElements.define("media-context-menu",Xa);function Ep(e){return`
    ${Et.getTemplateHTML.call(this,e)}
    <style>
        ::slotted(*) {
            color: var(--media-text-color, white);
            text-decoration: none;
            border: none;
            background: none;
            cursor: pointer;
            padding: 0;
            min-height: var(--media-control-height, 24px);
        }
    </style>
  `}var Fi=class extends Et{};Fi.shadowRootOptions={mode:"open"};Fi.getTemplateHTML=Ep;n.customElements.get("media-context-menu-item")||n.customElements.define("media-context-menu-item",Fi);
