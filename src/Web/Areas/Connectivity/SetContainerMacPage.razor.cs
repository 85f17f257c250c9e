using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Web.Kit.Forms;

namespace CalicoConsole.Web.Areas.Connectivity;

public sealed partial class SetContainerMacPage
{
    protected override void OnParametersSet()
    {
        OnSnapshot();
        if (!_begun)
        {
            (_begun, _interface, _mac) = (true, InterfaceAsked ?? InsideProbe.UsualInterface, MacAsked ?? _told ?? "");
        }
    }

    protected override void OnSnapshot()
    {
        _view = FormQuery.Container(Snapshot, Host, Container);
        _told = _view?.Endpoints.Select(e => e.Endpoint?.Value.Mac).FirstOrDefault(m => m is { Length: > 0 });
    }

    private void Restore(Operation operation)
    {
        if (operation is SetContainerMac o)
        {
            (_interface, _mac) = (o.Interface, o.Mac);
        }
    }
}
