using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit.Forms;
using CalicoConsole.Web.Live;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Containers;

/// <summary>A page on which a container tries to reach something; <see cref="ProbeForm"/> draws what these pages share.</summary>
public abstract class ProbePageBase : SnapshotComponentBase
{
    private bool _begun;

    /// <summary>The container's host.</summary>
    [SupplyParameterFromQuery(Name = "host")]
    public string? Host { get; set; }

    /// <summary>The container, by id or name.</summary>
    [SupplyParameterFromQuery(Name = "container")]
    public string? Container { get; set; }

    /// <summary>What to reach, as the address of the page says.</summary>
    [SupplyParameterFromQuery(Name = "target")]
    public string? TargetAsked { get; set; }

    /// <summary>The container; null where there is none.</summary>
    internal ContainerView? View { get; private set; }

    /// <summary>What to reach, as typed.</summary>
    internal string Target { get; set; } = "";

    /// <summary>What may be picked as a target.</summary>
    internal ImmutableArray<FormOption> Targets { get; private set; } = [];

    /// <summary>Why what was typed cannot be read.</summary>
    internal ImmutableArray<FieldError> Errors { get; private set; } = [];

    /// <summary>The container's own address.</summary>
    internal string? Own => View?.Container.Networks.FirstOrDefault(n => n.IPv4.Length > 0)?.IPv4;

    /// <summary>The cluster, for what is drawn of it.</summary>
    internal ClusterSnapshot Cluster => Snapshot;

    /// <summary>Its host, as operations name it.</summary>
    protected string HostName => View?.Host ?? Host ?? "";

    /// <summary>Its id, or what stands for it in the address.</summary>
    protected string ContainerId => View?.Container.Id ?? Container ?? "";

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (!_begun)
        {
            (_begun, Target) = (true, TargetAsked ?? "");
            Begin();
        }

        OnSnapshot();
    }

    /// <inheritdoc/>
    protected override void OnSnapshot()
    {
        View = FormQuery.Container(Snapshot, Host, Container);
        Targets = [.. FormChoices.Addresses(Snapshot).Where(o => o.Value != Own)];
        Errors = Read();
    }

    /// <summary>Takes what was typed.</summary>
    internal void Set(Action change)
    {
        change();
        Errors = Read();
    }

    /// <summary>Takes what else the address says.</summary>
    protected virtual void Begin()
    {
    }

    /// <summary>Reads what was typed: why it cannot be read.</summary>
    protected abstract ImmutableArray<FieldError> Read();
}
