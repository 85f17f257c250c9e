using Bunit;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace CalicoConsole.Web.Tests.Forms;

/// <summary>What is kept of a form in the browser, in the order in which people come to know of it.</summary>
public sealed class FormKeeperTests : IAsyncDisposable
{
    private readonly BunitContext _context = new();

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    [Fact]
    public void TextThatIsBack_IsSaid_OnceTheBrowserAsksBeforeTheTabIsClosed()
    {
        _context.Services.AddScoped<TypedText>();
        _context.Services.AddMudServices();
        var module = _context.JSInterop.SetupModule("./js/typed.js");
        module.Setup<string?>("read", "form").SetResult("""{"name":{"Was":"","Is":"web"}}""");
        module.Setup<bool>("write", _ => true).SetResult(true);
        var asks = module.SetupVoid("askBeforeUnload", true);
        var form = new FormContext();
        var field = new NameField();
        form.Memory.Add(field);

        var keeper = _context.Render<FormKeeper>(p => p.Add(k => k.Form, form).Add(k => k.Key, "form").Add(k => k.Keeps, true).Add(k => k.Asks, true));

        Assert.Single(asks.Invocations);
        Assert.Empty(keeper.FindAll("[data-restored]"));
        Assert.Equal("", field.Text);

        asks.SetVoidResult();
        keeper.WaitForAssertion(() => Assert.Single(keeper.FindAll("[data-restored]")), TimeSpan.FromSeconds(20));
        keeper.WaitForAssertion(() => Assert.Equal("web", field.Text), TimeSpan.FromSeconds(20));
        Assert.Single(asks.Invocations);
    }

    private sealed class NameField : IKeptField
    {
        public string Name => "name";

        public string Label => "Name";

        public string Text { get; private set; } = "";

        public Task TakeAsync(string text)
        {
            Text = text;
            return Task.CompletedTask;
        }
    }
}
