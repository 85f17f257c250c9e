using CalicoConsole.Core.Diagnostics.Causes;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics;

/// <summary>Mends that need no more to be said: each is one operation, ready to run. Pure.</summary>
public static class MendOperations
{
    /// <summary>The operation of a mend; null where somebody must choose first, in the form that the mend names.</summary>
    public static Operation? For(CauseMend mend, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        string? Name(string host, string id) => snapshot.Views.Containers.GetValueOrDefault($"{host}/{id}")?.Container.Name;
        return mend switch
        {
            CauseMend.SetMac m => new SetContainerMac(m.Host, m.Container, m.Interface, m.Mac) { Label = Name(m.Host, m.Container) },
            CauseMend.StartContainer m => Change(m.Host, m.Container, ContainerAction.Start),
            CauseMend.UnpauseContainer m => Change(m.Host, m.Container, ContainerAction.Unpause),
            CauseMend.RestartContainer m => Change(m.Host, m.Container, ContainerAction.Restart),
            CauseMend.SetFelix m => new SetConfiguration(m.Parameter, m.Value, m.Node, RawConfiguration.Felix),
            CauseMend.SetMesh => new SetConfiguration("nodeToNodeMesh", "on"),
            CauseMend.DeployNode or CauseMend.DeleteEndpoint or CauseMend.ReleaseEndpoint or CauseMend.CreatePool or CauseMend.EditPool
                or CauseMend.ReleaseAddress or CauseMend.AttachProfile or CauseMend.AllowByRule or CauseMend.EditRules
                or CauseMend.CreateProfile or CauseMend.RebuildHandle => null,
            _ => throw new ArgumentOutOfRangeException(nameof(mend), mend, "unknown mend"),
        };

        ChangeContainer Change(string host, string container, ContainerAction action) => new(host, container, action) { Label = Name(host, container) };
    }
}
