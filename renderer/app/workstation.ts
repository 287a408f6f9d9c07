/**
 * The page's composition: connection, stores, map engine and the actions of the panels in one place. The only part of
 * the page that calls the host. Must not know React.
 */
import { DepthscopeError, wireErrorFrom, type CallParams, type JobState, type RecordingVenue } from '../../core/contract/index.ts';
import type { SessionSummary } from '../../core/model/index.ts';
import { uploadFiles, type ConnectionListener, type HostLink } from '../client/index.ts';
import {
  EVENTS_LIMIT,
  NO_VIEW,
  notify,
  provideActions,
  useCatalogue,
  useConnection,
  useLive,
  useSettings,
  useUi,
  useView,
  type Actions,
} from '../state/index.ts';
import { firstSession, instrumentKey } from './first-view.ts';
import { installDiagnostics } from './diagnostics.ts';
import type { MapEngine } from './map-engine.ts';

const ACTIVITY_BINS = 480;

interface ImportSource {
  readonly paths: readonly string[];
  readonly files: readonly File[];
}

/** One workstation per page. */
export class Workstation implements ConnectionListener, Actions {
  /** Replaced by the entry with the connection's own. */
  reconnect: () => void = () => undefined;
  private link: HostLink | null = null;
  private engine: MapEngine | null = null;
  private viewId: string | null = null;
  private openToken = 0;
  private uploadAbort: AbortController | null = null;
  /** Sources of imports under way, so that a question about the venue can try the same again. */
  private readonly sources = new Map<string, ImportSource>();
  private readonly openWhenDone = new Set<string>();
  private openedOnce = false;

  constructor() {
    provideActions(this);
  }

  /** Takes the engine of the mounted map pane, null when it is unmounted. */
  attachEngine(engine: MapEngine | null): void {
    this.engine = engine;
    if (!engine) return;
    installDiagnostics(engine);
    const { sessionId } = useView.getState();
    if (sessionId) this.openSession(sessionId);
    else this.openFirst();
  }

  get map(): MapEngine | null {
    return this.engine;
  }

  onConnected(link: HostLink): void {
    this.link = link;
    this.viewId = null;
    useConnection.setState({ phase: 'connected', attempt: 0 });
    this.run(async () => useConnection.setState({ info: await link.call('app.info', {}) }));
    const quiet = { onError: (error: DepthscopeError) => this.streamEnded(error) };
    link.subscribe('sessions', {}, { onItem: (sessions) => this.sessionsChanged(sessions), ...quiet });
    link.subscribe('jobs', {}, { onItem: (jobs) => this.jobsChanged(jobs), ...quiet });
    link.subscribe('status', {}, { onItem: (status) => useConnection.setState({ status }), ...quiet });
    const { sessionId, info } = useView.getState();
    if (sessionId) this.openSession(sessionId, info?.instrument.id);
  }

  onLost(attempt: number): void {
    this.link = null;
    this.viewId = null;
    this.engine?.close();
    useConnection.setState({ phase: 'lost', attempt, status: null });
    useLive.setState({ playing: false });
  }

  openSession(sessionId: string, instrumentId?: number): void {
    const token = ++this.openToken;
    const summary = useCatalogue.getState().sessions?.find((s) => s.sessionId === sessionId) ?? null;
    this.openedOnce = true;
    useView.setState({ ...NO_VIEW, phase: 'opening', sessionId, summary });
    useUi.setState({ picker: false, search: false });
    this.run(async () => {
      const { link } = this;
      if (!link) return;
      try {
        const manifest = await link.call('sessions.manifest', { sessionId });
        if (token !== this.openToken) return;
        useView.setState({ manifest });
        // The most active one that traded: a symbol that only flickers in an empty book shows nothing.
        const first = manifest.instruments.find((one) => one.trades > 0) ?? manifest.instruments[0];
        const chosen = instrumentId ?? first?.id;
        if (chosen === undefined)
          throw new DepthscopeError('view.no-instrument', 'This session holds no instrument, so there is no book to show.');
        await this.openView(link, { token, sessionId, instrumentId: chosen });
      } catch (thrown) {
        if (token === this.openToken) useView.setState({ phase: 'failed', error: wireErrorFrom(thrown, 'view.open-failed') });
      }
    });
  }

  openInstrument(instrumentId: number): void {
    const { sessionId } = useView.getState();
    if (sessionId) this.openSession(sessionId, instrumentId);
  }

  importPaths(paths: readonly string[], venue: RecordingVenue | null): void {
    this.run(async () => {
      const reply = await this.need().call('import.files', { paths: [...paths], venue });
      this.started(reply.jobId, { paths, files: [] });
    });
  }

  importFiles(files: readonly File[], venue: RecordingVenue | null): void {
    this.run(async () => {
      const link = this.need();
      this.uploadAbort = new AbortController();
      try {
        const uploadIds = await uploadFiles(link, files, this.uploadAbort.signal, (upload) => useUi.setState({ upload }));
        const reply = await link.call('upload.import', { uploadIds, venue });
        this.started(reply.jobId, { paths: [], files });
      } catch (thrown) {
        if (!(thrown instanceof DOMException && thrown.name === 'AbortError')) throw thrown;
      } finally {
        this.uploadAbort = null;
        useUi.setState({ upload: null });
      }
    });
  }

  cancelUpload(): void {
    this.uploadAbort?.abort();
  }

  importSample(): void {
    this.run(async () => this.started((await this.need().call('import.sample', {})).jobId, null));
  }

  cancelJob(jobId: string): void {
    this.run(() => this.need().call('jobs.cancel', { jobId }));
  }

  dismissJob(jobId: string): void {
    this.run(() => this.need().call('jobs.dismiss', { jobId }));
  }

  verify(sessionId: string): void {
    this.run(() => this.need().call('sessions.verify', { sessionId }));
  }

  deleteSession(sessionId: string): void {
    this.run(async () => {
      const sessions = useCatalogue.getState().sessions ?? [];
      const at = sessions.findIndex((session) => session.sessionId === sessionId);
      const next = sessions[at + 1] ?? sessions[at - 1];
      const wasOpen = useView.getState().sessionId === sessionId;
      if (wasOpen) await this.closeView();
      await this.need().call('sessions.delete', { sessionId });
      if (wasOpen && next && useView.getState().sessionId === null) this.openSession(next.sessionId);
    });
  }

  togglePlay(): void {
    const { viewId } = this;
    if (!viewId) return;
    const { playing } = useLive.getState();
    useLive.setState({ playing: !playing });
    this.run(() =>
      playing
        ? this.need().call('replay.pause', { viewId })
        : this.need().call('replay.play', { viewId, speed: useSettings.getState().speed }),
    );
  }

  setSpeed(speed: number): void {
    useSettings.setState({ speed });
    const { viewId } = this;
    if (viewId && useLive.getState().playing) this.run(() => this.need().call('replay.play', { viewId, speed }));
  }

  step(direction: 1 | -1, unit: CallParams<'replay.step'>['unit'], times = 1): void {
    const { viewId, engine } = this;
    if (!viewId || !engine) return;
    this.run(async () => {
      for (let i = 0; i < times; i++) await this.need().call('replay.step', { viewId, epoch: engine.raiseEpochForSeek(), unit, direction });
      engine.follow();
    });
  }

  seek(timeNs: bigint): void {
    const { viewId, engine } = this;
    const { info } = useView.getState();
    if (!viewId || !engine || !info) return;
    const from = BigInt(info.fromNs);
    const to = BigInt(info.toNs);
    const clamped = timeNs < from ? from : timeNs > to ? to : timeNs;
    engine.afterSeek();
    this.run(() => this.need().call('replay.seek', { viewId, epoch: engine.raiseEpochForSeek(), timeNs: clamped.toString() }));
  }

  centre(): void {
    this.engine?.centre();
  }

  follow(): void {
    this.engine?.follow();
  }

  setBucket(bucketNs: number): void {
    useSettings.setState({ bucketNs });
    this.engine?.setBucket(bucketNs);
  }

  setGroup(group: number): void {
    const { info } = useView.getState();
    if (info) useSettings.setState(({ groups }) => ({ groups: { ...groups, [instrumentKey(info)]: group } }));
    this.engine?.setGroup(group);
  }

  zoom(factor: number): void {
    const { engine } = this;
    if (engine) engine.zoomTime(engine.layout.mapWidthPx / 2, factor);
  }

  private async openView(link: HostLink, target: { token: number; sessionId: string; instrumentId: number }): Promise<void> {
    const { token, sessionId, instrumentId } = target;
    await this.leaveView(link);
    const info = await link.call('view.open', { sessionId, instrumentId });
    if (token !== this.openToken || !this.engine) {
      await link.call('view.close', { viewId: info.viewId });
      return;
    }
    this.viewId = info.viewId;
    useLive.setState({ drawn: false, headNs: null, playing: false });
    useView.setState({ phase: 'open', info });
    useSettings.setState({ lastSessionId: sessionId });
    this.engine.open(link, info);
    const [activity, events] = await Promise.all([
      link.call('sessions.activity', { sessionId, instrumentId, bins: ACTIVITY_BINS }),
      link.call('sessions.events', { sessionId, instrumentId: null, limit: EVENTS_LIMIT }),
      useView.getState().summary?.synthetic ? this.playSample(link, info.viewId) : null,
    ]);
    if (token === this.openToken) useView.setState({ activity, events });
  }

  /** The sample session moves by itself, so that the first thing a new user sees is depth in motion. */
  private async playSample(link: HostLink, viewId: string): Promise<void> {
    await link.call('replay.play', { viewId, speed: useSettings.getState().speed });
  }

  private async leaveView(link: HostLink): Promise<void> {
    const { viewId } = this;
    this.viewId = null;
    this.engine?.close();
    if (viewId) await link.call('view.close', { viewId });
  }

  private async closeView(): Promise<void> {
    this.openToken++;
    if (this.link) await this.leaveView(this.link);
    useView.setState(NO_VIEW);
  }

  private sessionsChanged(sessions: readonly SessionSummary[]): void {
    useCatalogue.setState({ sessions });
    const { sessionId } = useView.getState();
    const summary = sessions.find((s) => s.sessionId === sessionId);
    if (summary) useView.setState({ summary });
    this.openFirst();
  }

  /** Opens the session of last time, else the newest, once at start: the window never opens empty when there is something to see. */
  private openFirst(): void {
    const { sessions } = useCatalogue.getState();
    if (!sessions || this.openedOnce || !this.engine || !this.link) return;
    const first = firstSession(sessions, useSettings.getState().lastSessionId);
    if (first) this.openSession(first.sessionId);
  }

  private jobsChanged(jobs: readonly JobState[]): void {
    useCatalogue.setState({ jobs });
    for (const job of jobs) {
      if (job.state === 'done' && job.sessionId && this.openWhenDone.delete(job.jobId)) this.openSession(job.sessionId);
      const source = this.sources.get(job.jobId);
      if (!source || job.state === 'running' || job.state === 'queued') continue;
      this.sources.delete(job.jobId);
      if (job.state === 'failed' && job.error && asksForVenue(job.error.code)) {
        useUi.setState({ openDialog: true, question: source });
        // The question stands for the failure, which would stay in the list after the answer.
        this.dismissJob(job.jobId);
      }
    }
  }

  private started(jobId: string, source: ImportSource | null): void {
    this.openWhenDone.add(jobId);
    if (source) this.sources.set(jobId, source);
    useUi.setState({ openDialog: false, question: null });
    this.jobsChanged(useCatalogue.getState().jobs);
  }

  private streamEnded(error: DepthscopeError): void {
    if (error.wire.code !== 'contract.disconnected') notify(error.wire);
  }

  private need(): HostLink {
    if (!this.link)
      throw new DepthscopeError('contract.disconnected', 'Depthscope is not connected to its host; it tries again by itself.', {
        retryable: true,
      });
    return this.link;
  }

  private run(task: () => Promise<unknown>): void {
    task().catch((thrown: unknown) => {
      const error = wireErrorFrom(thrown, 'contract.call-failed');
      if (error.code !== 'contract.disconnected' || !this.link) notify(error);
    });
  }
}

function asksForVenue(code: string): boolean {
  return code.startsWith('format.') && code.includes('venue');
}
