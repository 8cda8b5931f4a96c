// The pulse of a live page: asks for the newest fragment while somebody can see it, and says so when that fails.
const panel = document.querySelector('[data-refresh]');
if (panel) live(panel);

function live(panel) {
  const period = Number(panel.dataset.refresh);
  const pause = document.getElementById('pause');
  const stale = document.getElementById('stale');
  const since = document.getElementById('stale-since');
  const paused = document.getElementById('paused');
  let isPaused = false;
  let failures = 0;
  let last = asOf();
  let timer;

  function asOf() {
    return panel.querySelector('[data-as-of]')?.dataset.asOf ?? '';
  }

  function next(delay) {
    clearTimeout(timer);
    timer = setTimeout(beat, delay);
  }

  function beat() {
    if (isPaused || document.hidden) return;
    htmx.trigger(panel, 'refresh');
    // A safety net only: the end of the request sets the real next beat.
    next(period * 5);
  }

  function failed() {
    failures++;
    since.textContent = last;
    stale.hidden = false;
    panel.classList.add('is-stale');
  }

  document.addEventListener('htmx:after:swap', event => {
    if ((event.detail?.ctx?.response?.status ?? 200) >= 400) return;
    failures = 0;
    last = asOf() || last;
    stale.hidden = true;
    panel.classList.remove('is-stale');
  });
  document.addEventListener('htmx:response:error', failed);
  document.addEventListener('htmx:error', failed);
  // A server that is down gets fewer questions, never none.
  document.addEventListener('htmx:finally:request', () => next(Math.min(period * (1 + failures), 10_000)));

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) beat();
  });

  pause.hidden = false;
  pause.addEventListener('click', () => {
    isPaused = !isPaused;
    pause.setAttribute('aria-pressed', String(isPaused));
    paused.hidden = !isPaused;
    if (!isPaused) beat();
  });

  // Rows never move under the pointer or away from the focus: such a list is left out of the merge until both have left it.
  for (const [event, isHeld] of [['pointerover', true], ['focusin', true], ['pointerout', false], ['focusout', false]]) {
    panel.addEventListener(event, e => {
      const list = e.target.closest?.('[data-hold]');
      if (!list || (!isHeld && list.contains(e.relatedTarget))) return;
      if (isHeld && event === 'pointerover' && e.pointerType !== 'mouse') return;
      list.toggleAttribute('hx-morph-skip', isHeld || list.matches(':focus-within'));
    });
  }

  beat();
}
