using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Networks;

public sealed partial class CreateNetworkPage
{
    private static readonly ImmutableArray<FormOption> Drivers = [new(CalicoNames.NetworkDriver, "calico"), new("bridge", "bridge")];

    private string _host = "";
    private string _name = "";
    private string _driver = CalicoNames.NetworkDriver;
    private string _subnet = "";
    private bool _started;
    private ImmutableArray<FieldError> _errors = [];
    private ImmutableArray<FormOption> _hosts = [];
    private ImmutableArray<FormOption> _pools = [];

    [SupplyParameterFromQuery(Name = "host")]
    public string? HostAsked { get; set; }

    [SupplyParameterFromQuery(Name = "pool")]
    public string? PoolAsked { get; set; }

    private CreateNetwork? Operation => !_errors.IsEmpty ? null
        : new CreateNetwork(_host, _name.Trim(), _driver, _driver == CalicoNames.NetworkDriver ? CalicoNames.IpamDriver : "", _subnet.Trim());

    private string HostHelp => _driver == CalicoNames.NetworkDriver
        ? "Any host with calico-node will do: the network appears on every host of the same cluster store."
        : "The network exists on this host alone.";

    protected override void OnParametersSet()
    {
        if (!_started)
        {
            _started = true;
            Begin();
        }
    }

    // As the page was opened, and nothing of what was typed before.
    private void Begin()
    {
        _host = FormQuery.Host(Snapshot, HostAsked) ?? Snapshot.Views.Nodes.FirstOrDefault(n => n.CalicoNode?.State == "running"
            && n.Host is not null)?.Host?.Name ?? Snapshot.Hosts.Keys.FirstOrDefault() ?? "";
        (_name, _driver, _subnet) = ("", CalicoNames.NetworkDriver, FormQuery.Cidr(PoolAsked)?.ToString() ?? "");
        Read();
    }

    protected override void OnSnapshot()
    {
        _hosts = FormChoices.Hosts(Snapshot);
        _pools =
        [
            new("", "Any enabled pool (no subnet)"),
            .. Snapshot.Calico.IPPools.Values.Where(p => !p.Value.Cidr.IsIPv6)
                .Select(p => new FormOption(p.Value.Cidr.ToString(), p.Value.Disabled ? $"{p.Value.Cidr}, disabled" : p.Value.Cidr.ToString())),
        ];
        Read();
    }

    private void Set(Action change)
    {
        var driver = _driver;
        change();
        if (_driver != driver)
        {
            _subnet = "";
        }

        Read();
    }

    private void Read() => _errors = _host.Length > 0 ? []
        : [new FieldError("host", Snapshot.Hosts.IsEmpty ? "No Docker host is configured" : "Choose a Docker host")];

    private void Restore(Operation operation)
    {
        if (operation is CreateNetwork o)
        {
            (_host, _name, _driver, _subnet) = (o.Host, o.NetworkName, o.Driver, o.Subnet);
            Read();
        }
    }
}
