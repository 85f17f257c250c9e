using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Containers;

public sealed partial class CreateContainerPage
{
    // Docker's own default, which has no name of its own in the operation; nothing chosen is another thing.
    private const string Bridge = "bridge";

    private string _host = "";
    private string _name = "";
    private string _image = "";
    private string _command = "";
    private string _network = "";
    private string _ip = "";
    private bool _start = true;
    private bool _begun;
    private DockerNetwork? _chosen;
    private ImmutableArray<string> _words = [];
    private ImmutableArray<FieldError> _errors = [];
    private ImmutableArray<FormOption> _hosts = [];
    private ImmutableArray<FormOption> _images = [];
    private ImmutableArray<FormOption> _networks = [];

    [SupplyParameterFromQuery(Name = "host")]
    public string? HostAsked { get; set; }

    /// <summary>Name or id.</summary>
    [SupplyParameterFromQuery(Name = "network")]
    public string? NetworkAsked { get; set; }

    /// <summary>The fixed address.</summary>
    [SupplyParameterFromQuery(Name = "ip")]
    public string? IpAsked { get; set; }

    private CreateContainer? Operation => !_errors.IsEmpty ? null : new CreateContainer(_host, _name.Trim(), _image.Trim())
    {
        Command = _words,
        Network = _network == Bridge ? "" : _network,
        Ip = HasSubnet ? _ip.Trim() : "",
        Start = _start,
    };

    private bool HasSubnet => _chosen?.Subnets.Any(s => Cidr.TryParse(s, out var c) && c.PrefixLength > 0) == true;

    private string ImageHelp => _image.Trim().Length == 0 || _images.Any(i => i.Value == _image.Trim() || i.Value == $"{_image.Trim()}:latest")
        ? "Pick one that is on the host, or name another."
        : $"Not on {_host}: it is pulled first, with its progress shown.";

    private string? NetworkHelp => _chosen switch
    {
        null when _network.Length == 0 => "A calico network for reach by profiles and policies, or Docker's own bridge without Calico.",
        null => "Calico is not involved.",
        { Driver: CalicoNames.NetworkDriver } => $"A Calico network: the profile {_chosen.Name} says who may reach the container.",
        _ => $"Driver {_chosen.Driver}; Calico is not involved.",
    };

    protected override void OnParametersSet()
    {
        if (!_begun)
        {
            _begun = true;
            Begin();
            OnSnapshot();
        }
    }

    // As the page was opened, and nothing of what was typed before. The network is the Calico one where there is one, and none silently else.
    private void Begin()
    {
        _host = FormQuery.Host(Snapshot, HostAsked) ?? Snapshot.Views.Nodes.FirstOrDefault(n => n.CalicoNode?.State == "running"
            && n.Host is not null)?.Host?.Name ?? Snapshot.Hosts.Keys.FirstOrDefault() ?? "";
        (_name, _image, _command, _ip, _start) = ("", "", "", IpAsked?.Trim() ?? "", true);
        var networks = Snapshot.Hosts.GetValueOrDefault(_host)?.Networks;
        _network = NetworkAsked is not null && networks is not null
            ? networks.ContainsKey(NetworkAsked) ? NetworkAsked : networks.Values.FirstOrDefault(n => n.Name == NetworkAsked)?.Id ?? ""
            : DefaultNetwork();
        Read();
    }

    private string DefaultNetwork()
    {
        var calico = (Snapshot.Hosts.GetValueOrDefault(_host)?.Networks.Values ?? []).Where(n => n.Driver == CalicoNames.NetworkDriver).Take(2).ToArray();
        return calico switch { [] => Bridge, [var only] => only.Id, _ => "" };
    }

    protected override void OnSnapshot()
    {
        _hosts = FormChoices.Hosts(Snapshot);
        Read();
    }

    private void Set(Action change)
    {
        var (host, network) = (_host, _network);
        change();
        if (host != _host && _network != Bridge && Snapshot.Hosts.GetValueOrDefault(_host)?.Networks.ContainsKey(_network) != true)
        {
            _network = DefaultNetwork();
        }

        if (network != _network)
        {
            _ip = "";
        }

        Read();
    }

    private void Read()
    {
        var host = Snapshot.Hosts.GetValueOrDefault(_host);
        _images = host is null ? [] : [.. host.Images.SelectMany(i => i.Tags).Order(StringComparer.Ordinal).Select(t => new FormOption(t, ""))];
        _networks =
        [
            new(Bridge, "Docker's default (bridge), without Calico"),
            .. (host?.Networks.Values ?? []).Where(n => n.Name is not ("bridge" or "host" or "none")).OrderBy(n => n.Driver != CalicoNames.NetworkDriver)
                .ThenBy(n => n.Name, StringComparer.Ordinal)
                .Select(n => new FormOption(n.Id, $"{n.Name} · {n.Driver}{(n.Subnets.IsEmpty ? "" : $" · {string.Join(", ", n.Subnets)}")}")),
        ];
        _chosen = host?.Networks.GetValueOrDefault(_network);
        var (words, wrong) = CommandWords.Split(_command);
        _words = words;
        List<FieldError> errors = [];
        if (_host.Length == 0)
        {
            errors.Add(new("host", Snapshot.Hosts.IsEmpty ? "No Docker host is configured" : "Choose a Docker host"));
        }

        if (_name.Trim().Length == 0)
        {
            errors.Add(new("name", "A name is needed"));
        }

        if (_image.Trim().Length == 0)
        {
            errors.Add(new("image", "An image is needed"));
        }

        if (wrong is not null)
        {
            errors.Add(new("command", wrong));
        }

        if (_network.Length == 0)
        {
            errors.Add(new("network", "Choose a network"));
        }

        _errors = [.. errors];
    }

    private void Restore(Operation operation)
    {
        if (operation is CreateContainer o)
        {
            Set(() => (_host, _name, _image, _command, _network, _start) = (o.Host, o.ContainerName, o.Image, CommandWords.Join(o.Command),
                o.Network.Length == 0 ? Bridge : o.Network, o.Start));
            Set(() => _ip = o.Ip);
        }
    }
}
