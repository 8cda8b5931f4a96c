using System.Text.Json.Nodes;

namespace TshErp.ZohoSimulator.Store.Generator;

/// <summary>One contact: nine customers to one vendor, most in dinar, some with a credit balance.</summary>
internal static class NewContact
{
    public static JsonObject Of(int seed, int ordinal)
    {
        var random = Seeded.For(seed, "contact", ordinal);
        var id = Entities.Contacts.IdFor(ordinal);
        var vendor = ordinal % 10 == 0;
        var dinar = !vendor && random.Chance(0.8);
        var company = $"{random.Pick(Words.CompanyKinds)} {random.Pick(Words.CompanyNames)} {ordinal}";
        var first = random.Pick(Words.FirstNames);
        var phone = $"+96477{random.Between(10_000_000, 99_999_999)}";
        var owed = random.Chance(0.4) ? 0m : dinar ? random.Between(10, 9_000) * 1_000m : random.Between(100, 900_000) / 100m;
        var created = Organization.AsOf.AddDays(-random.Between(60, 900)).AddSeconds(-random.Below(86_400));
        var address = new JsonObject
        {
            ["attention"] = "", ["address"] = random.Pick(Words.Streets), ["street2"] = "", ["city"] = random.Pick(Words.Cities), ["state"] = "",
            ["zip"] = "", ["country"] = "Iraq", ["phone"] = phone, ["fax"] = "",
        };
        return new JsonObject
        {
            ["contact_id"] = id,
            ["contact_name"] = company,
            ["company_name"] = random.Chance(0.8) ? company : "",
            ["contact_type"] = vendor ? "vendor" : "customer",
            ["customer_sub_type"] = "business",
            ["contact_number"] = $"C-{ordinal:00000}",
            ["status"] = random.Chance(0.94) ? "active" : "inactive",
            ["first_name"] = first,
            ["last_name"] = random.Pick(Words.LastNames),
            ["email"] = random.Chance(0.6) ? $"Contact{ordinal}@Example.test" : "",
            ["phone"] = random.Chance(0.5) ? phone : "",
            ["mobile"] = phone,
            ["payment_terms"] = random.Pick([0, 15, 30]),
            ["payment_terms_label"] = "",
            ["currency_id"] = dinar ? Organization.DinarId : Organization.BaseCurrencyId,
            ["currency_code"] = dinar ? "IQD" : "USD",
            ["credit_limit"] = dinar ? random.Between(0, 20) * 500_000m : random.Between(0, 20) * 500m,
            ["pricebook_id"] = vendor ? "" : Entities.Pricebooks.IdFor(dinar ? random.Pick([1, 3, 4, 6]) : random.Pick([2, 5])),
            ["owner_id"] = Entities.Users.IdFor(random.Between(2, 11)),
            ["outstanding_receivable_amount"] = vendor ? 0m : owed,
            ["outstanding_receivable_amount_bcy"] = vendor ? 0m : dinar ? decimal.Round(owed * 0.000763m, 2) : owed,
            ["unused_credits_receivable_amount"] = !vendor && random.Chance(0.05) ? decimal.Round(owed / 10, 0) : 0m,
            ["outstanding_payable_amount"] = vendor ? owed : 0m,
            ["billing_address"] = address,
            ["shipping_address"] = address.DeepClone(),
            ["addresses"] = new JsonArray(),
            ["contact_persons"] = new JsonArray(new JsonObject
            {
                ["contact_person_id"] = $"46000000000311{ordinal:00000}", ["first_name"] = first, ["last_name"] = "", ["email"] = "", ["phone"] = "",
                ["mobile"] = phone, ["is_primary_contact"] = true,
            }),
            ["notes"] = "",
            ["custom_fields"] = new JsonArray(),
            ["created_time"] = ZohoTime.Format(created),
            ["last_modified_time"] = ZohoTime.Format(created.AddSeconds(random.Below((int)(Organization.AsOf - created).TotalSeconds))),
        };
    }
}
