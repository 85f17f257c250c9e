using CalicoConsole.Core.Model;

namespace CalicoConsole.Web.Components.Pages.Overview;

/// <summary>What somebody types to make an ipPool.</summary>
internal sealed class PoolForm
{
    public string Cidr { get; set; } = "";

    /// <summary>Empty is off, else the mode.</summary>
    public string Ipip { get; set; } = "";

    public bool NatOutgoing { get; set; }

    public bool Disabled { get; set; }

    /// <summary>The pool, or null with a reason while the CIDR cannot be read.</summary>
    public (IPPool? Pool, FieldError? Error) ToPool()
    {
        var text = Cidr.Trim();
        return !Core.Model.Cidr.TryParse(text, out var cidr)
            ? (null, new FieldError("metadata.cidr", text.Length == 0 ? "required, such as 192.0.2.0/24" : $"'{text}' is not a CIDR such as 192.0.2.0/24 or fd80:24e2::/64"))
            : (new IPPool { Cidr = cidr, IpipEnabled = Ipip.Length > 0, IpipMode = Ipip, NatOutgoing = NatOutgoing, Disabled = Disabled }, null);
    }
}
