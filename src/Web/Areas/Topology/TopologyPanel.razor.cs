using CalicoConsole.Core.Topology;
using CalicoConsole.Web.Live;

namespace CalicoConsole.Web.Areas.Topology;

public sealed partial class TopologyPanel
{
    private BackgroundWork<TopologyDrawing>? _work;
    private TopologyDrawing? _drawing;

    protected override ValueTask DisposeCoreAsync()
    {
        _work?.Dispose();
        return base.DisposeCoreAsync();
    }

    // Many endpoints take a while: the page is drawn and listens meanwhile.
    protected override void OnSnapshot()
    {
        _work ??= new BackgroundWork<TopologyDrawing>(Time, () => Draw, Show, DispatchExceptionAsync, Rest);
        _work.Ask();
    }

    // A large cluster that changes all the time may keep a fifth of one processor busy, not all of it.
    private static TimeSpan Rest(TimeSpan took) => TimeSpan.FromMilliseconds(Math.Min(2000, 4 * took.TotalMilliseconds));

    private TopologyDrawing Draw()
    {
        var (snapshot, model) = Models.Current;
        return TopologyDrawing.From(snapshot, model, new TopologyView { IsSmall = true }, Readings.Latest);
    }

    private void Show(TopologyDrawing drawing)
    {
        _drawing = drawing;
        StateHasChanged();
    }
}
